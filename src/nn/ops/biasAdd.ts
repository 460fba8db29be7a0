import { float32Attribute, nativeBackend } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { onNativeKernels } from "./path.js";

/**
 * x + bias along the last axis, for forward passes only: it has no gradient. TensorFlow computes it within a convolution before it
 * where a function is compiled `fused`, which it does not do with a plain sum.
 *
 * @param x `[..., channels]`
 * @param bias `[channels]`
 */
export function biasAdd<T extends TensorFlow.Tensor>(x: T, bias: TensorFlow.Tensor1D): T {
  if (!onNativeKernels()) return tf.add(x, bias);
  const { binding } = nativeBackend();
  const layout = { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" };
  return nativeBackend().executeSingleOutput("BiasAdd", [float32Attribute("T"), layout], [x, bias]) as T;
}
