import { describe, expect, test } from "vitest";
import { type AttentionScale, AxisAttention } from "../../../src/nn/layers/axisAttention.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";
import { close, expectCaptured, expectLoops, expectSaved, type LoopCase, range, sum } from "./loops.js";

const shape = [2, 5, 3] as const;
const [batch, places, channels] = shape;

const layer = (scale?: AttentionScale) => new AxisAttention({ ...(scale && { scale }), name: "attention" });

const caseOf = (scale: AttentionScale): LoopCase => ({
  make: () => layer(scale),
  inputs: [shape],
  output: shape,
  naive: ([scores]) => {
    const at = (b: number, place: number, c: number) => scores![(b * places + place) * channels + c]!;
    return range(batch).flatMap((b) =>
      range(places).flatMap((place) =>
        range(channels).map((c) => {
          const all = sum(range(places).map((other) => Math.exp(at(b, other, c))));
          return (Math.exp(at(b, place, c)) / all) * (scale === "length" ? places : 1);
        }),
      ),
    );
  },
});

const weights = (scores: TensorFlow.Tensor, scale?: AttentionScale) => layer(scale).apply(scores) as TensorFlow.Tensor;
const scores = () => tf.tensor3d(Float32Array.from(noise(batch * places * channels, 1)), [...shape]);

describe.each(["length", "none"] as const)("AxisAttention, scale %s", (scale) => {
  test("gives what loops give, with gradients", () => expectLoops(caseOf(scale)));
  test("is captured", () => expectCaptured(caseOf(scale)));
  test("is saved and loaded", () => expectSaved(caseOf(scale)));
});

describe("what follows from the softmax", () => {
  test("weights have mean 1 along the axis, or the sum 1 without the scale; unless said, mean 1", () => {
    tf.tidy(() => {
      const ones = range(batch * channels).map(() => 1);
      close(tf.mean(weights(scores(), "length"), 1).dataSync(), ones, 1e-6);
      close(tf.mean(weights(scores()), 1).dataSync(), ones, 1e-6);
      close(tf.sum(weights(scores(), "none"), 1).dataSync(), ones, 1e-6);
    });
  });

  test("equal scores weigh nothing; a constant for each item and channel changes nothing; large scores stay finite", () => {
    tf.tidy(() => {
      close(weights(tf.zeros([...shape])).dataSync(), range(batch * places * channels).map(() => 1), 1e-6); // biome-ignore format: one line
      const shift = tf.tensor3d(Float32Array.from(noise(batch * channels, 2)), [batch, 1, channels]);
      close(weights(tf.add(scores(), shift)).dataSync(), [...weights(scores()).dataSync()], 1e-5);
      const one = tf.tensor3d([[[1000], [0], [-1000]]]);
      expect([...weights(one).dataSync()]).toEqual([3, 0, 0]);
    });
  });
});

test("another scale and an input of other axes are refused", () => {
  const make = () => layer("mean" as never);
  expect(make).toThrow(RangeError);
  expect(make).toThrow('attention: scale must be length or none, got "mean"');
  expect(() => layer().apply(tf.input({ batchShape: [2, 3, 4, 5] }))).toThrow(
    "attention: input must be [batch, places, channels], got [2,3,4,5]",
  );
});
