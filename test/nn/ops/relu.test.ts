import { describe, expect, test } from "vitest";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { relu, relu6 } from "../../../src/nn/ops/relu.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

type Unary = (x: TensorFlow.Tensor) => TensorFlow.Tensor;

/** Values and gradients (of the sum) at places, corners among them. */
const at = (f: Unary, places: number[]) =>
  tf.tidy(() => {
    const x = tf.tensor1d(places);
    return [f(x), tf.grad((z) => tf.sum(f(z)))(x)].map((tensor) => [...tensor.dataSync()]);
  });

describe.each([
  ["native", (body: () => number[][]) => body()],
  ["portable", (body: () => number[][]) => withPortableOps(body)],
])("%s", (_, path) => {
  test("relu: 0 below 0; the gradient at 0 is 0, as in PyTorch", () => {
    expect(path(() => at(relu, [-2, 0, 3]))).toEqual([
      [0, 0, 3],
      [0, 0, 1],
    ]);
  });

  test("relu6: at most 6; the gradient is 0 at 0 and at 6, as in PyTorch", () => {
    expect(path(() => at(relu6, [-2, 0, 3, 6, 7]))).toEqual([
      [0, 0, 3, 6, 6],
      [0, 0, 1, 0, 0],
    ]);
  });
});
