import { float32Attribute, nativeBackend, type OpAttribute } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { Pair } from "./padding.js";
import { onNativeKernels } from "./path.js";

type Tensor = TensorFlow.Tensor;
type Tensor4D = TensorFlow.Tensor4D;

/** Whether oneDNN's pool can be asked for: it computes on the CPU only. */
export function hasOneDnnMaxPool(): boolean {
  return onNativeKernels() && !(nativeBackend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice;
}

function attributes([height, width]: Pair, [down, across]: Pair): OpAttribute[] {
  const { binding } = nativeBackend();
  const integers = (name: string, value: number[]) => ({ name, type: binding.TF_ATTR_INT, value });
  const word = (name: string, value: string) => ({ name, type: binding.TF_ATTR_STRING, value });
  return [
    float32Attribute("T"),
    integers("ksize", [1, height, width, 1]),
    integers("strides", [1, down, across, 1]),
    word("padding", "VALID"),
    word("data_format", "NHWC"),
    { name: "workspace_enabled", type: binding.TF_ATTR_BOOL, value: true },
    // Under this label TensorFlow keeps the kernels that its own graph rewriting would put in.
    word("_kernel", "MklNameChangeOp"),
  ];
}

/**
 * Maximum of each window on oneDNN's kernels, which note where each maximum was, so that the gradient need not look for it again as
 * TensorFlow's own does: 5 ms instead of 90 for 32 maps of 29 x 90 x 64 under 2 x 2. Values and gradients are the same, and the
 * kernels are the same in a captured step.
 *
 * @param x `[batch, height, width, channels]`
 * @returns windows that reach over the edge are left out
 */
export function oneDnnMaxPool(x: Tensor4D, size: Pair, stride: Pair): Tensor4D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const backend = nativeBackend();
    const outputs: Tensor[] = backend.executeMultipleOutputs("_MklNativeMaxPool", attributes(size, stride), [input], 2);
    const [value, places] = outputs as [Tensor, Tensor];
    save([input, value, places]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor => {
        const [from, to, where] = saved as [Tensor, Tensor, Tensor];
        return nativeBackend().executeSingleOutput("_MklNativeMaxPoolGrad", attributes(size, stride), [
          from,
          to,
          dy,
          where,
        ]);
      },
    };
  });
  return operation(x) as Tensor4D;
}
