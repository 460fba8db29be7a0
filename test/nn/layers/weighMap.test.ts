import { describe, expect, test } from "vitest";
import { type WeighAlong, WeighMap } from "../../../src/nn/layers/weighMap.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { expectCaptured, expectLoops, expectSaved, type LoopCase, range } from "./loops.js";

const map = [2, 3, 5, 4] as const;
const [batch, rows, frames, channels] = map;

const weightsShape: Record<WeighAlong, readonly number[]> = {
  frequency: [batch, rows, channels],
  time: [batch, frames, channels],
  channels: [batch, channels],
};

const caseOf = (along: WeighAlong): LoopCase => ({
  make: () => new WeighMap({ along, name: "weigh" }),
  inputs: [map, weightsShape[along]],
  output: map,
  naive: ([values, weights]) =>
    range(batch).flatMap((b) =>
      range(rows).flatMap((row) =>
        range(frames).flatMap((frame) =>
          range(channels).map((c) => {
            const place = { frequency: b * rows + row, time: b * frames + frame, channels: b }[along];
            return values![((b * rows + row) * frames + frame) * channels + c]! * weights![place * channels + c]!;
          }),
        ),
      ),
    ),
});

describe.each(["frequency", "time", "channels"] as const)("WeighMap along %s", (along) => {
  test("gives what loops give, with gradients", () => expectLoops(caseOf(along)));
  test("is captured", () => expectCaptured(caseOf(along)));
  test("is saved and loaded", () => expectSaved(caseOf(along)));
});

test("rows are frequency, frames are time, where both are as long", () => {
  tf.tidy(() => {
    const weights = tf.tensor3d([[[1], [2]]]);
    const of = (along: WeighAlong) =>
      (
        caseOf(along)
          .make()
          .apply([tf.ones([1, 2, 2, 1]), weights]) as TensorFlow.Tensor
      ).dataSync();
    expect([...of("frequency")]).toEqual([1, 1, 2, 2]);
    expect([...of("time")]).toEqual([1, 2, 1, 2]);
  });
});

describe("refused with the layer's name", () => {
  test("another axis", () => {
    const make = () => new WeighMap({ along: "rows" as never, name: "weigh" });
    expect(make).toThrow(RangeError);
    expect(make).toThrow('weigh: along must be frequency, time, channels, got "rows"');
  });

  test.each<[WeighAlong, readonly number[], readonly number[], string]>([
    [
      "frequency",
      map,
      [2, 5, 4],
      "weights along frequency must be [batch, rows, channels] of a map [2,3,5,4], got [2,5,4]",
    ],
    ["time", map, [2, 3, 4], "weights along time must be [batch, frames, channels] of a map [2,3,5,4], got [2,3,4]"],
    ["time", map, [2, 5, 1], "weights along time must be [batch, frames, channels] of a map [2,3,5,4], got [2,5,1]"],
    ["time", map, [1, 5, 4], "weights along time must be [batch, frames, channels] of a map [2,3,5,4], got [1,5,4]"],
    ["channels", map, [2, 1, 4], "weights along channels must be [batch, channels] of a map [2,3,5,4], got [2,1,4]"],
    ["frequency", [2, 3, 4], [2, 3, 4], "input must be [batch, rows, frames, channels], got [2,3,4]"],
  ])("along %s a map %j and weights %j", (along, of, weights, message) => {
    const symbolic = [of, weights].map((shape) => tf.input({ batchShape: [...shape] }));
    const values = [of, weights].map((shape) => tf.ones([...shape]));
    expect(() => caseOf(along).make().apply(symbolic)).toThrow(`weigh: ${message}`);
    expect(() => caseOf(along).make().apply(values)).toThrow(RangeError);
    expect(() => caseOf(along).make().apply(values)).toThrow(`weigh: ${message}`);
    tf.dispose(values);
  });

  test("a map alone", () => {
    expect(() =>
      caseOf("time")
        .make()
        .apply(tf.input({ batchShape: [...map] })),
    ).toThrow("weigh: inputs must be a map and its weights");
  });
});
