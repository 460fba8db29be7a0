import { describe, expect, test } from "vitest";
import { AbsoluteMean } from "../../../src/nn/layers/absoluteMean.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { expectCaptured, expectLoops, expectSaved, type LoopCase, mean, range } from "./loops.js";

const [batch, rows, frames, channels] = [2, 3, 5, 4];

const of: LoopCase = {
  make: () => new AbsoluteMean({ name: "mean" }),
  inputs: [[batch, rows, frames, channels]],
  output: [batch, channels],
  naive: ([map]) =>
    range(batch).flatMap((b) =>
      range(channels).map((c) =>
        mean(range(rows * frames).map((place) => Math.abs(map![(b * rows * frames + place) * channels + c]!))),
      ),
    ),
};

describe("AbsoluteMean", () => {
  test("gives what loops give, with gradients", () => expectLoops(of));
  test("is captured", () => expectCaptured(of));
  test("is saved and loaded", () => expectSaved(of));

  // torch.zeros(...).requires_grad_().abs().mean().backward() leaves zeros.
  test("has no gradient at 0", () => {
    tf.tidy(() => {
      const x = tf.tensor4d([
        [
          [[-2], [0]],
          [[0], [6]],
        ],
      ]);
      const layer = of.make();
      const gradient = tf.grad((z: TensorFlow.Tensor) => tf.sum(layer.apply(z) as TensorFlow.Tensor))(x);
      expect([...(layer.apply(x) as TensorFlow.Tensor).dataSync()]).toEqual([2]);
      expect([...gradient.dataSync()]).toEqual([-0.25, 0, 0, 0.25]);
    });
  });

  test("refuses what is no map", () => {
    const apply = () => of.make().apply(tf.input({ batchShape: [2, 3, 4] }));
    expect(apply).toThrow(RangeError);
    expect(apply).toThrow("mean: input must be [batch, rows, frames, channels], got [2,3,4]");
  });
});
