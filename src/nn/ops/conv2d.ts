import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;
type Tensor4D = TensorFlow.Tensor4D;

/**
 * Two-dimensional convolution, padded with zeros by number on both sides of both axes (`torch.nn.functional.conv2d`).
 *
 * At stride 1 with an odd kernel the gradient for the input is itself a convolution, with the kernel turned by 180 degrees and
 * its channel axes exchanged. TensorFlow's forward kernel computes that up to six times as fast on a CPU as its
 * Conv2DBackpropInput does on the small maps of a network's last stages, so it is asked to.
 *
 * @param x `[batch, height, width, in]`
 * @param kernel `[k, k, in, out]`
 * @returns `[batch, (height + 2p - k) / s + 1, (width + 2p - k) / s + 1, out]`
 */
export function conv2d(x: Tensor4D, kernel: Tensor4D, stride: number, padding: number): Tensor4D {
  // "same" is symmetric here, and needs no copy of the input.
  if (stride === 1 && kernel.shape[0] === 2 * padding + 1) return sameConvolution(x, kernel);
  if (padding === 0) return tf.conv2d(x, kernel, stride, "valid");
  const around: [number, number] = [padding, padding];
  return tf.conv2d(tf.pad4d(x, [[0, 0], around, around, [0, 0]]), kernel, stride, "valid");
}

const sameAttributes = { strides: [1, 1], pad: "same", dataFormat: "NHWC", dilations: [1, 1], dimRoundingMode: null };

function sameConvolution(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [input, weights, save] = args as [Tensor4D, Tensor4D, (tensors: Tensor[]) => void];
    save([input, weights]);
    return {
      value: tf.conv2d(input, weights, 1, "same") as Tensor,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor[] => {
        const [savedInput, savedWeights] = saved as [Tensor4D, Tensor4D];
        const turned: Tensor4D = tf.transpose(tf.reverse4d(savedWeights, [0, 1]), [0, 1, 3, 2]);
        const forInput = tf.conv2d(dy as Tensor4D, turned, 1, "same");
        const forWeights: Tensor = tf.engine().runKernel("Conv2DBackpropFilter", { x: savedInput, dy }, {
          ...sameAttributes,
          filterShape: savedWeights.shape,
        } as never);
        return [forInput, forWeights];
      },
    };
  });
  return operation(x, kernel) as Tensor4D;
}
