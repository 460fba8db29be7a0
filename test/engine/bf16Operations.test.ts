import { afterAll, expect, test } from "vitest";
import { chooseBf16Operations } from "../../src/engine/bf16Operations.js";
import { compile } from "../../src/engine/compile.js";
import type { Bf16Rate } from "../../src/node/processor.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectNoLeaks } from "./leaks.js";

type Tensor4D = TensorFlow.Tensor4D;

expectNoLeaks();
afterAll(() => chooseBf16Operations());

/** The largest difference that bf16 makes in a step of these tensors. */
function changeByBf16(step: (x: Tensor4D, kernel: Tensor4D) => TensorFlow.Tensor, rate: Bf16Rate): number {
  const exact = compile(step);
  const rough = compile(step, { bf16: true });
  chooseBf16Operations(rate);
  const change = tf.tidy(() => {
    const x = tf.randomUniform<TensorFlow.Rank.R4>([2, 12, 12, 16], -1, 1, "float32", 1);
    const kernel = tf.randomUniform<TensorFlow.Rank.R4>([3, 3, 16, 16], -1, 1, "float32", 2);
    return tf
      .abs(tf.sub(rough(x, kernel), exact(x, kernel)))
      .max()
      .dataSync()[0]!;
  });
  exact.dispose();
  rough.dispose();
  return change;
}

const convolution = (x: Tensor4D, kernel: Tensor4D) => tf.conv2d(x, kernel, 1, "valid");
const kernelGradient = (x: Tensor4D, kernel: Tensor4D) =>
  tf.grad((k) => tf.conv2d(x, k as Tensor4D, 1, "valid").sum())(kernel);

test("gradients of kernels stay in float32 where bfloat16 has half the rate, and only there", () => {
  expect(changeByBf16(kernelGradient, "half")).toBe(0);
  expect(changeByBf16(kernelGradient, "full")).toBeGreaterThan(0);
});

test("convolutions are computed in bfloat16 on both", () => {
  expect(changeByBf16(convolution, "half")).toBeGreaterThan(0);
  expect(changeByBf16(convolution, "half")).toBe(changeByBf16(convolution, "full"));
});
