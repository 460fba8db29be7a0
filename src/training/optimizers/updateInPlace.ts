import { float32Attribute, nativeBackend, type OpAttribute } from "../../nn/ops/attributes.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

/** The name by which TensorFlow knows a resource without a name, which is freed with its last handle (`ResourceHandle::ANONYMOUS_NAME`). */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

interface TensorInfo {
  id: number;
}

/** What of tfjs-node's backend is needed to run kernels on resources. */
interface ResourceBackend {
  binding: {
    TF_ATTR_SHAPE: number;
    TF_ATTR_STRING: number;
    executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorInfo[];
    deleteTensor(id: number): void;
    /** There while a step is being captured: adds the kernel to the graph, on the variables' own resources. */
    apply?(
      op: string,
      attributes: OpAttribute[],
      variables: readonly TensorFlow.Variable[],
      inputs: readonly TensorFlow.Tensor[],
    ): void;
  };
  getInputTensorIds(tensors: readonly TensorFlow.Tensor[]): number[];
  createOutputTensor(info: TensorInfo): TensorFlow.Tensor;
}

/**
 * Runs one of TensorFlow's training kernels (`ResourceApplyAdam` and its like), which change variables where they lie. In a
 * captured step the kernel works on the variables' own memory; step by step it works on a copy, which then becomes their value: the same
 * kernel, so the same bits. Tensors that were read from the variables before keep their values.
 *
 * @param variables float32, in the order in which the kernel takes its resources, which come first
 * @param inputs the kernel's other inputs, in order
 */
export function updateInPlace(
  op: string,
  attributes: OpAttribute[],
  variables: readonly TensorFlow.Variable[],
  inputs: readonly TensorFlow.Tensor[],
): void {
  const backend = nativeBackend() as unknown as ResourceBackend;
  const { binding } = backend;
  const all = [float32Attribute("T"), { name: "use_locking", type: lockingType(), value: false }, ...attributes];
  if (binding.apply) {
    binding.apply(op, all, variables, inputs);
    return;
  }
  const dtype = [float32Attribute("dtype")];
  const handles: number[] = [];
  tf.tidy(() => {
    try {
      const values = backend.getInputTensorIds(variables);
      variables.forEach((variable, i) => {
        handles.push(anonymousResource(binding, variable.shape));
        binding.executeOp("AssignVariableOp", dtype, [handles[i]!, values[i]!], 0);
      });
      binding.executeOp(op, all, [...handles, ...backend.getInputTensorIds(inputs)], 0);
      variables.forEach((variable, i) => {
        const [value] = binding.executeOp("ReadVariableOp", dtype, [handles[i]!], 1);
        variable.assign(backend.createOutputTensor(value!));
      });
    } finally {
      for (const handle of handles) binding.deleteTensor(handle);
    }
  });
}

function lockingType(): number {
  return nativeBackend().binding.TF_ATTR_BOOL;
}

function anonymousResource(binding: ResourceBackend["binding"], shape: number[]): number {
  const text = (name: string, value: string) => ({ name, type: binding.TF_ATTR_STRING, value });
  const attributes = [
    float32Attribute("dtype"),
    { name: "shape", type: binding.TF_ATTR_SHAPE, value: shape },
    text("shared_name", ANONYMOUS),
    text("container", ""),
  ];
  return binding.executeOp("VarHandleOp", attributes, [], 1)[0]!.id;
}
