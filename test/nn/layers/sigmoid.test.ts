import { describe, test } from "vitest";
import { Sigmoid } from "../../../src/nn/layers/sigmoid.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { close, expectCaptured, expectLoops, expectSaved, type LoopCase } from "./loops.js";

const of: LoopCase = {
  make: () => new Sigmoid({ name: "sigmoid" }),
  inputs: [[2, 3, 4]],
  output: [2, 3, 4],
  values: (_, drawn) => drawn.map((value) => 6 * value),
  naive: ([x]) => Array.from(x!, (value) => 1 / (1 + Math.exp(-value))),
};

describe("Sigmoid", () => {
  test("is 1 / (1 + e^-x), with gradients", () => expectLoops(of));
  test("is captured", () => expectCaptured(of));
  test("is saved and loaded", () => expectSaved(of));

  test("keeps to 0 and 1 far out", () => {
    tf.tidy(() => {
      const y = of.make().apply(tf.tensor1d([-1000, 0, 1000])) as TensorFlow.Tensor;
      close(y.dataSync(), [0, 0.5, 1], 1e-7);
    });
  });
});
