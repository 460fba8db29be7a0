import { describe, expect, test } from "vitest";
import { AxisMean, type AxisMeanConfig } from "../../../src/nn/layers/axisMean.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { expectCaptured, expectLoops, expectSaved, type LoopCase, mean, range } from "./loops.js";

const [batch, rows, frames, channels] = [2, 3, 5, 4];

const caseOf = (over: AxisMeanConfig["over"]): LoopCase => ({
  make: () => new AxisMean({ over, name: "mean" }),
  inputs: [[batch, rows, frames, channels]],
  output: [batch, over === "time" ? rows : frames, channels],
  naive: ([map]) => {
    const at = (b: number, row: number, frame: number, c: number) =>
      map![((b * rows + row) * frames + frame) * channels + c]!;
    return range(batch).flatMap((b) =>
      over === "time"
        ? range(rows).flatMap((row) => range(channels).map((c) => mean(range(frames).map((f) => at(b, row, f, c)))))
        : range(frames).flatMap((f) => range(channels).map((c) => mean(range(rows).map((row) => at(b, row, f, c))))),
    );
  },
});

describe.each(["time", "frequency"] as const)("AxisMean over %s", (over) => {
  test("gives what loops give, with gradients", () => expectLoops(caseOf(over)));
  test("is captured", () => expectCaptured(caseOf(over)));
  test("is saved and loaded", () => expectSaved(caseOf(over)));
});

test("rows are frequency, frames are time: a band that sounds always stays where it is over time, and is level over frequency", () => {
  tf.tidy(() => {
    const cells = range(rows).map((row) => range(frames).map(() => [Number(row === 1)]));
    const of = (over: AxisMeanConfig["over"]) => [
      ...(
        caseOf(over)
          .make()
          .apply(tf.tensor4d([cells])) as TensorFlow.Tensor
      ).dataSync(),
    ];
    expect(of("time")).toEqual([0, 1, 0]);
    expect(of("frequency")).toEqual(range(frames).map(() => Math.fround(1 / rows)));
  });
});

test("another axis and what is no map are refused", () => {
  const make = () => new AxisMean({ over: "rows" as never, name: "mean" });
  expect(make).toThrow(RangeError);
  expect(make).toThrow('mean: over must be time or frequency, got "rows"');
  expect(() =>
    caseOf("time")
      .make()
      .apply(tf.input({ batchShape: [2, 3, 4] })),
  ).toThrow("mean: input must be [batch, rows, frames, channels], got [2,3,4]");
});
