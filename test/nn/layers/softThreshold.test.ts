import { describe, expect, test } from "vitest";
import { SoftThreshold } from "../../../src/nn/layers/softThreshold.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";
import { expectCaptured, expectLoops, expectSaved, type LoopCase, range } from "./loops.js";

const map = [2, 3, 5, 4] as const;
const [batch, rows, frames, channels] = map;

/** The formula of papers.md 4.3. */
const soft = (x: number, threshold: number) => Math.sign(x) * Math.max(Math.abs(x) - threshold, 0);

const of: LoopCase = {
  make: () => new SoftThreshold({ name: "shrink" }),
  inputs: [map, [batch, channels]],
  output: map,
  values: (input, drawn) => (input === 1 ? drawn.map((value) => 0.3 + 0.2 * value) : drawn),
  naive: ([values, thresholds]) =>
    range(batch * rows * frames * channels).map((at) => {
      const b = Math.floor(at / (rows * frames * channels));
      return soft(values![at]!, thresholds![b * channels + (at % channels)]!);
    }),
};

const shrink = (values: readonly number[], threshold: number) =>
  tf.tidy(() => {
    const x = tf.tensor4d([...values], [1, 1, values.length, 1]);
    return [...(of.make().apply([x, tf.tensor2d([[threshold]])]) as TensorFlow.Tensor).dataSync()];
  });

describe("SoftThreshold", () => {
  test("gives what loops give, with gradients", () => expectLoops(of));
  test("is captured", () => expectCaptured(of));
  test("is saved and loaded", () => expectSaved(of));

  test("moves towards 0 by the threshold, on both sides; what is nearer becomes 0", () => {
    expect(shrink([-5, -2, -1, 0, 1, 2, 5], 2)).toEqual([-3, 0, 0, 0, 0, 0, 3]);
  });

  test("is odd: the sign is kept", () => {
    const values = [...noise(50, 1)].map(Math.fround);
    const there = shrink(values, 0.25);
    const back = shrink(
      values.map((value) => -value),
      0.25,
    );
    there.forEach((value, i) => {
      expect(value + back[i]!).toBe(0);
    });
    expect(there.filter((value) => value < 0).length).toBeGreaterThan(10);
    expect(there.filter((value) => value === 0).length).toBeGreaterThan(5);
  });

  test("a threshold of 0 changes nothing", () => {
    const values = [...noise(50, 1)].map(Math.fround);
    expect(shrink(values, 0)).toEqual(values);
  });

  test("where the output is 0 no gradient flows, to the map nor to the threshold", () => {
    tf.tidy(() => {
      const layer = of.make();
      const loss = (x: TensorFlow.Tensor, threshold: TensorFlow.Tensor) =>
        tf.sum(layer.apply([x, threshold]) as TensorFlow.Tensor);
      const x = tf.tensor4d([-3, -2, -1, 0, 2, 4, 5], [1, 1, 7, 1]);
      const [forMap, forThreshold] = tf.grads(loss)([x, tf.tensor2d([[2]])]);
      expect([...forMap!.dataSync()]).toEqual([1, 0, 0, 0, 0, 1, 1]);
      // Each of those above moves it down, the one below up.
      expect([...forThreshold!.dataSync()]).toEqual([-1]);
    });
  });

  test.each<[readonly number[], readonly number[], string]>([
    [map, [2, 3], "shrink: thresholds must be [batch, channels] of a map [2,3,5,4], got [2,3]"],
    [map, [1, 4], "shrink: thresholds must be [batch, channels] of a map [2,3,5,4], got [1,4]"],
    [map, [2, 1, 4], "shrink: thresholds must be [batch, channels] of a map [2,3,5,4], got [2,1,4]"],
    [[2, 5, 4], [2, 4], "shrink: input must be [batch, rows, frames, channels], got [2,5,4]"],
  ])("refuses a map %j with thresholds %j", (shape, thresholds, message) => {
    const symbolic = [shape, thresholds].map((sides) => tf.input({ batchShape: [...sides] }));
    const values = [shape, thresholds].map((sides) => tf.ones([...sides]));
    expect(() => of.make().apply(symbolic)).toThrow(message);
    expect(() => of.make().apply(values)).toThrow(RangeError);
    expect(() => of.make().apply(values)).toThrow(message);
    tf.dispose(values);
  });

  test("refuses a map alone", () => {
    expect(() => of.make().apply(tf.input({ batchShape: [...map] }))).toThrow(
      "shrink: inputs must be a map and its thresholds",
    );
  });
});
