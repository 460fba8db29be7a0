import { describe, expect, test } from "vitest";
import { adaptivePool2d } from "../../../src/nn/ops/adaptivePool2d.js";
import { maxPool2d } from "../../../src/nn/ops/pool2d.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const gradient = (pool: (x: TensorFlow.Tensor4D) => TensorFlow.Tensor, x: TensorFlow.Tensor4D) => [
  ...tf
    .grad((z) => tf.sum(pool(z as TensorFlow.Tensor4D)))(x)
    .dataSync(),
];

describe("maximum pooling", () => {
  test("pads with what never wins, also where all values are negative", () => {
    const x = tf.tensor4d([-1, -2, -3, -4, -5, -6, -7, -8, -9], [1, 3, 3, 1]);
    const pooled = maxPool2d(x, { size: [3, 3], stride: [2, 2], padding: [1, 1] });
    // Windows around (0,0), (0,2), (2,0), (2,2), by hand.
    expect([...pooled.dataSync()]).toEqual([-1, -2, -4, -5]);
  });

  test("oneDNN's kernels give what TensorFlow's own give, to the last bit, values and gradient", () => {
    // Few different values, so that most windows hold their maximum more than once.
    const x = tf.floor(tf.randomUniform([3, 9, 12, 5], -3, 3, "float32", 7)) as TensorFlow.Tensor4D;
    for (const [size, stride] of [
      [
        [2, 2],
        [2, 2],
      ],
      [
        [3, 3],
        [2, 2],
      ],
      [
        [3, 2],
        [1, 2],
      ],
    ] as const) {
      const own = (z: TensorFlow.Tensor4D) => tf.maxPool(z, [...size], [...stride], "valid");
      const ours = (z: TensorFlow.Tensor4D) => maxPool2d(z, { size, stride, padding: [0, 0] });
      const weighted = (pool: typeof own) => (z: TensorFlow.Tensor4D) => {
        const y = pool(z);
        return tf.mul(y, tf.reshape(tf.range(1, y.size + 1), y.shape));
      };
      expect([...ours(x).dataSync()]).toEqual([...own(x).dataSync()]);
      expect(gradient(weighted(ours), x)).toEqual(gradient(weighted(own), x));
    }
  });

  // torch.nn.functional.max_pool2d(torch.ones(1, 1, 2, 4), 2) and adaptive_max_pool2d(torch.ones(1, 1, 3, 4), (2, 3)) give these.
  test("of equal values the first, row by row, gets the gradient", () => {
    const geometry = { size: [2, 2], stride: [2, 2], padding: [0, 0] } as const;
    expect(gradient((x) => maxPool2d(x, geometry), tf.ones([1, 2, 4, 1]))).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    const wanted = [1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0];
    expect(gradient((x) => adaptivePool2d(x, [2, 3], "max"), tf.ones([1, 3, 4, 1]))).toEqual(wanted);
  });
});
