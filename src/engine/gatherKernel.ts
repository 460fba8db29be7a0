import { tf } from "../tensorflow.js";
import { activeRecording } from "./activeRecording.js";
import { type NativeBackend, typeAttribute } from "./nativeBackend.js";

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;

let replaced: Kernel["kernelFunc"] | undefined;

/**
 * tfjs-node's GatherV2 reads the indices in JavaScript to check them, which a trace cannot; TensorFlow's kernel checks them itself. Outside
 * of traces all stays as it was.
 */
export function allowGatherWhileTracing(): void {
  const kernel = tf.getKernel("GatherV2", "tensorflow");
  if (kernel.kernelFunc === replaced) return;
  const ordinary = kernel.kernelFunc;
  replaced = (call) => (activeRecording() ? gather(call) : ordinary(call));
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({ ...kernel, kernelFunc: replaced });
}

function gather({ inputs, attrs, backend }: Parameters<Kernel["kernelFunc"]>[0]): ReturnType<Kernel["kernelFunc"]> {
  const native = backend as unknown as NativeBackend;
  const { binding } = native;
  const { x, indices } = inputs as Record<"x" | "indices", NonNullable<(typeof inputs)[string]>>;
  const { axis, batchDims } = attrs as { axis: number; batchDims: number };
  const dtype = {
    float32: binding.TF_FLOAT,
    int32: binding.TF_INT32,
    bool: binding.TF_BOOL,
    string: binding.TF_STRING,
  };
  const axisTensor = tf.scalar(axis, "int32");
  const attributes = [
    { name: "batch_dims", type: binding.TF_ATTR_INT, value: batchDims },
    typeAttribute("Tparams", dtype[x.dtype as keyof typeof dtype]),
    typeAttribute("Tindices", binding.TF_INT32),
    typeAttribute("Taxis", binding.TF_INT32),
  ];
  return native.executeSingleOutput("GatherV2", attributes, [x, indices, axisTensor]);
}
