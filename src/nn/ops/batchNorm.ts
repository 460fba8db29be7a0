import { type TensorFlow, tf } from "../../tensorflow.js";
import { float32Attribute, nativeBackend, type OpAttribute } from "./attributes.js";

type Tensor = TensorFlow.Tensor;
type Tensor1D = TensorFlow.Tensor1D;
type Tensor4D = TensorFlow.Tensor4D;

function attributes(epsilon: number): OpAttribute[] {
  const { binding } = nativeBackend();
  return [
    float32Attribute("T"),
    float32Attribute("U"),
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];
}

/**
 * Batch normalisation with the statistics of the batch, on TensorFlow's fused kernels (FusedBatchNormV3 and its gradient).
 *
 * @param x `[batch, height, width, channels]`
 * @param scale `[channels]`
 * @param offset `[channels]`
 * @param onStatistics receives the batch's mean and its unbiased variance (N - 1, what PyTorch puts into running averages)
 * @returns the shape of `x`
 */
export function batchNormTraining(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon: number,
  onStatistics: (mean: Tensor1D, variance: Tensor1D) => void,
): Tensor4D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [input, gamma, beta, save] = args as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const backend = nativeBackend();
    const empty = tf.tensor1d([]);
    const factor = { name: "exponential_avg_factor", type: backend.binding.TF_ATTR_FLOAT, value: 1 };
    const outputs: Tensor[] = backend.executeMultipleOutputs(
      "FusedBatchNormV3",
      [...attributes(epsilon), factor],
      [input, gamma, beta, empty, empty],
      6,
    );
    const [y, mean, variance, ...reserved] = outputs;
    onStatistics(mean as Tensor1D, variance as Tensor1D);
    save([input, gamma, ...reserved]);
    return {
      value: y!,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor[] => {
        const gradients: Tensor[] = backend.executeMultipleOutputs(
          "FusedBatchNormGradV3",
          attributes(epsilon),
          [dy, ...saved],
          5,
        );
        return gradients.slice(0, 3);
      },
    };
  });
  return operation(x, scale, offset) as Tensor4D;
}
