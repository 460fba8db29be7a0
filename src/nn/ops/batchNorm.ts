import { float32Attribute, nativeBackend, type OpAttribute } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { onNativeKernels } from "./path.js";

type Tensor = TensorFlow.Tensor;
type Tensor1D = TensorFlow.Tensor1D;
type Tensor4D = TensorFlow.Tensor4D;

function attributes(epsilon: number, training: boolean): OpAttribute[] {
  const { binding } = nativeBackend();
  return [
    float32Attribute("T"),
    float32Attribute("U"),
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: training },
  ];
}

/** Receives the batch's mean and its unbiased variance (N - 1, what PyTorch puts into running averages). */
export type OnStatistics = (mean: Tensor1D, variance: Tensor1D) => void;

/**
 * Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015); natively on TensorFlow's fused kernels
 * (FusedBatchNormV3 and its gradient).
 *
 * @param x `[batch, height, width, channels]`
 * @param scale `[channels]`
 * @param offset `[channels]`
 * @returns the shape of `x`
 */
export function batchNormTraining(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon: number,
  onStatistics: OnStatistics,
): Tensor4D {
  if (!onNativeKernels()) return portableTraining(x, scale, offset, epsilon, onStatistics);
  const operation = tf.customGrad((...args: unknown[]) => {
    const [input, gamma, beta, save] = args as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const backend = nativeBackend();
    const empty = tf.tensor1d([]);
    const factor = { name: "exponential_avg_factor", type: backend.binding.TF_ATTR_FLOAT, value: 1 };
    const outputs: Tensor[] = backend.executeMultipleOutputs(
      "FusedBatchNormV3",
      [...attributes(epsilon, true), factor],
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
          attributes(epsilon, true),
          [dy, ...saved],
          5,
        );
        return gradients.slice(0, 3);
      },
    };
  });
  return operation(x, scale, offset) as Tensor4D;
}

function portableTraining(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon: number,
  onStatistics: OnStatistics,
): Tensor4D {
  const count = x.size / x.shape[3];
  const mean: Tensor1D = tf.mean(x, [0, 1, 2]);
  const centred = tf.sub(x, mean);
  const variance: Tensor1D = tf.mean(tf.square(centred), [0, 1, 2]);
  onStatistics(mean, tf.mul(variance, count / Math.max(count - 1, 1)));
  return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale)), offset);
}

/**
 * Batch normalisation with given statistics, through which no gradient flows; natively with TensorFlow's fused gradient.
 *
 * @param x `[batch, height, width, channels]`
 * @param statistics mean and variance, `[channels]` each
 * @returns the shape of `x`
 */
export function batchNormEvaluation(
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon: number,
  { mean, variance }: { mean: Tensor1D; variance: Tensor1D },
): Tensor4D {
  if (!onNativeKernels()) return tf.batchNorm4d(x, mean, variance, offset, scale, epsilon);
  const operation = tf.customGrad((...args: unknown[]) => {
    const [input, gamma, beta, save] = args as [Tensor4D, Tensor1D, Tensor1D, (tensors: Tensor[]) => void];
    save([input, gamma, mean, variance]);
    return {
      value: tf.batchNorm4d(input, mean, variance, beta, gamma, epsilon) as Tensor,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor[] => {
        // The last argument is what a GPU's forward pass reserves; in this mode the kernel does not read it.
        const gradients: Tensor[] = nativeBackend().executeMultipleOutputs(
          "FusedBatchNormGradV3",
          attributes(epsilon, false),
          [dy, ...saved, tf.tensor1d([])],
          5,
        );
        return gradients.slice(0, 3);
      },
    };
  });
  return operation(x, scale, offset) as Tensor4D;
}
