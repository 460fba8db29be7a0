import { describe, expect, test } from "vitest";
import { SelectiveSum } from "../../../src/nn/layers/selectiveSum.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { expectCaptured, expectLoops, expectSaved, type LoopCase, range, sum } from "./loops.js";

const map = [2, 3, 4, 2] as const;
const [batch, rows, frames, channels] = map;

const layer = () => new SelectiveSum({ name: "select" });

const caseOf = (maps: number): LoopCase => ({
  make: layer,
  inputs: [...range(maps).map(() => map), [batch, maps * channels]],
  output: map,
  naive: (inputs) => {
    const scores = inputs.at(-1)!;
    const score = (b: number, m: number, c: number) => scores[b * maps * channels + m * channels + c]!;
    return range(batch * rows * frames * channels).map((at) => {
      const [b, c] = [Math.floor(at / (rows * frames * channels)), at % channels];
      const all = sum(range(maps).map((m) => Math.exp(score(b, m, c))));
      return sum(range(maps).map((m) => (Math.exp(score(b, m, c)) / all) * inputs[m]![at]!));
    });
  },
});

describe.each([2, 3])("SelectiveSum of %i maps", (maps) => {
  test("gives what loops give, with gradients", () => expectLoops(caseOf(maps)));
  test("is captured", () => expectCaptured(caseOf(maps)));
  test("is saved and loaded", () => expectSaved(caseOf(maps)));
});

describe("what follows from the softmax", () => {
  const chosen = (scores: number[]) =>
    tf.tidy(() => {
      const maps = [1, 3].map((value) => tf.fill([1, 1, 1, 2], value));
      return [...(layer().apply([...maps, tf.tensor2d([scores])]) as TensorFlow.Tensor).dataSync()];
    });

  test("equal scores give the mean", () => {
    expect(chosen([5, -7, 5, -7])).toEqual([2, 2]);
  });

  test("a far larger score takes its map, for its own channel; scores of a map stand side by side", () => {
    expect(chosen([100, 0, 0, 100])).toEqual([1, 3]);
    expect(chosen([100, 100, 0, 0])).toEqual([1, 1]);
    expect(chosen([-100, 200, 0, 0])).toEqual([3, 1]);
  });
});

test.each<[readonly (readonly number[])[], string]>([
  [[map, [2, 2]], "select: inputs must be two maps or more, then their scores"],
  [[map], "select: inputs must be two maps or more, then their scores"],
  [[map, [2, 3, 1, 2], [2, 4]], "select: maps must be of one shape, got [2,3,4,2] and [2,3,1,2]"],
  [[map, [2, 3, 2], [2, 4]], "select: input must be [batch, rows, frames, channels], got [2,3,2]"],
  [[map, map, [2, 2]], "select: scores must be [batch, 4] for 2 maps [2,3,4,2], got [2,2]"],
  [[map, map, [2, 2, 2]], "select: scores must be [batch, 4] for 2 maps [2,3,4,2], got [2,2,2]"],
])("%j is refused", (shapes, message) => {
  const symbolic = shapes.map((shape) => tf.input({ batchShape: [...shape] }));
  const values = shapes.map((shape) => tf.ones([...shape]));
  expect(() => layer().apply(symbolic.length === 1 ? symbolic[0]! : symbolic)).toThrow(message);
  expect(() => layer().apply(values)).toThrow(RangeError);
  expect(() => layer().apply(values)).toThrow(message);
  tf.dispose(values);
});
