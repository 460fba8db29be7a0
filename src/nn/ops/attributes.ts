import { tf } from "../../tensorflow.js";

/** One attribute of a TensorFlow operation, as the addon of tfjs-node takes it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** The part of tfjs-node's backend that runs TensorFlow operations by name. */
export interface NativeBackend {
  binding: Record<
    "TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT" | "TF_INT32",
    number
  >;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: unknown[]): never;
  executeMultipleOutputs(op: string, attributes: OpAttribute[], inputs: unknown[], outputs: number): never;
}

export function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

/** The attribute `name` = float32, which most kernels want as `T`. */
export function float32Attribute(name: string): OpAttribute {
  const { binding } = nativeBackend();
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
