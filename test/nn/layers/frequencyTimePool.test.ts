import { describe, expect, test } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { FrequencyTimePool, type MeanOver } from "../../../src/nn/layers/frequencyTimePool.js";
import { maximumShare } from "../../../src/nn/ops/maximumShare.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

const [batch, rows, frames, channels] = [2, 3, 5, 4];
const values = Float32Array.from(noise(batch * rows * frames * channels, 1));
const at = (b: number, row: number, frame: number, c: number) =>
  values[((b * rows + row) * frames + frame) * channels + c]!;
const range = (count: number) => [...Array(count).keys()];
const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** The formulas of papers.md 2.3, by loops. */
function naive(meanOver: MeanOver): number[] {
  return range(batch).flatMap((b) =>
    range(channels).map((c) => {
      const overTime = range(rows).map((row) => mean(range(frames).map((frame) => at(b, row, frame, c))));
      const overFrequency = range(frames).map((frame) => mean(range(rows).map((row) => at(b, row, frame, c))));
      if (meanOver === "positions") return mean(overTime);
      const left = meanOver === "time" ? overTime : overFrequency;
      return Math.max(...left) + mean(left);
    }),
  );
}

const map = () => tf.tensor4d(values, [batch, rows, frames, channels]);
const pool = (meanOver?: MeanOver) => new FrequencyTimePool({ ...(meanOver && { meanOver }), name: "pool" });
const close = (found: ArrayLike<number>, wanted: readonly number[], off = 1e-6) => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${i}`).toBeLessThan(off);
  });
};

describe("FrequencyTimePool", () => {
  test.each(["time", "frequency", "positions"] as const)("mean over %s: what loops give", (meanOver) => {
    tf.tidy(() => {
      const y = pool(meanOver).apply(map()) as TensorFlow.Tensor;
      expect(y.shape).toEqual([batch, channels]);
      close(y.dataSync(), naive(meanOver));
    });
  });

  test("unless said, over time; the three are different", () => {
    tf.tidy(() => close((pool().apply(map()) as TensorFlow.Tensor).dataSync(), naive("time")));
    for (const other of ["frequency", "positions"] as const) {
      expect(Math.abs(naive(other)[0]! - naive("time")[0]!)).toBeGreaterThan(0.01);
    }
  });

  test("rows are frequency, frames are time: one band that sounds always, then one moment of all bands", () => {
    const value = (meanOver: MeanOver, cell: (row: number, frame: number) => boolean) =>
      tf.tidy(() => {
        const cells = range(rows).map((row) => range(frames).map((frame) => [Number(cell(row, frame))]));
        return (pool(meanOver).apply(tf.tensor4d([cells])) as TensorFlow.Tensor).dataSync()[0]!;
      });
    const band = (row: number) => row === 1;
    expect(value("time", band)).toBeCloseTo(1 + 1 / rows, 6);
    expect(value("frequency", band)).toBeCloseTo(1 / rows + 1 / rows, 6);
    const moment = (_: number, frame: number) => frame === 2;
    expect(value("time", moment)).toBeCloseTo(1 / frames + 1 / frames, 6);
    expect(value("frequency", moment)).toBeCloseTo(1 + 1 / frames, 6);
  });

  test.each(["time", "frequency", "positions"] as const)(
    "mean over %s: gradients by finite differences",
    (meanOver) => {
      const dy = Float32Array.from(noise(batch * channels, 2));
      const found = tf.tidy(() => {
        const loss = (x: TensorFlow.Tensor) =>
          tf.sum(tf.mul(pool(meanOver).apply(x) as TensorFlow.Tensor, tf.tensor2d(dy, [batch, channels])));
        return tf.grad(loss)(map()).dataSync();
      });
      // Of the loops, in double precision.
      const loss = () => naive(meanOver).reduce((sum, value, i) => sum + value * dy[i]!, 0);
      for (const i of range(values.length)) {
        const kept = values[i]!;
        const step = 2 ** -10;
        values[i] = kept + step;
        const above = loss();
        const rise = values[i]! - kept;
        values[i] = kept - rise;
        const below = loss();
        values[i] = kept;
        expect(Math.abs(found[i]! - (above - below) / (2 * rise)), `${i}`).toBeLessThan(1e-5);
      }
    },
  );

  test("equal maxima share the gradient", () => {
    const gradient = tf.tidy(() => {
      const rowsOfMap = tf.tensor4d([[[[2]], [[1]], [[2]]]]);
      return tf
        .grad((x: TensorFlow.Tensor) => tf.sum(pool("time").apply(x) as TensorFlow.Tensor))(rowsOfMap)
        .dataSync();
    });
    close(gradient, [1 / 2 + 1 / 3, 1 / 3, 1 / 2 + 1 / 3]);
  });

  test("captured, gradients too, as eagerly", () => {
    const run = (mode: CompileOptions["mode"]) => {
      const layer = pool("frequency");
      const step = compile(
        (x: TensorFlow.Tensor) => [
          tf.clone(layer.apply(x) as TensorFlow.Tensor),
          tf.grad((z: TensorFlow.Tensor) => tf.sum(tf.square(layer.apply(z) as TensorFlow.Tensor)))(x),
        ],
        { mode },
      );
      const x = map();
      const outputs = step(x);
      const found = outputs.map((tensor) => [...tensor.dataSync()]);
      tf.dispose([x, outputs]);
      step.dispose();
      return found;
    };
    const before = tf.memory().numTensors;
    expect(run("captured")).toEqual(run("eager"));
    expect(tf.memory().numTensors).toBe(before);
  });

  test("its configuration comes back; what is no map and no axis is refused", () => {
    const again: FrequencyTimePool = FrequencyTimePool.fromConfig(
      FrequencyTimePool as never,
      JSON.parse(JSON.stringify(pool("frequency").getConfig())),
    );
    tf.tidy(() => close((again.apply(map()) as TensorFlow.Tensor).dataSync(), naive("frequency")));
    expect(() => pool().apply(tf.input({ batchShape: [2, 3, 4] }))).toThrow(
      "pool: input must be [batch, rows, frames, channels], got [2,3,4]",
    );
    expect(() => pool("rows" as never)).toThrow('pool: meanOver must be time, frequency, positions, got "rows"');
  });
});

test("maximumShare: 1 at the largest, divided among equals, no gradient", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([
      [1, 3, 2, 3],
      [0, -1, -2, -5],
      [7, 7, 7, 7],
    ]);
    const wanted = [
      [0, 0.5, 0, 0.5],
      [1, 0, 0, 0],
      [0.25, 0.25, 0.25, 0.25],
    ];
    expect(maximumShare(x, 1).arraySync()).toEqual(wanted);
    expect(maximumShare(tf.transpose(x), 0).arraySync()).toEqual(tf.transpose(tf.tensor2d(wanted)).arraySync());
    const gradient = tf.grad((z: TensorFlow.Tensor) => tf.sum(tf.mul(maximumShare(z, 1), z)))(x);
    expect(gradient.arraySync()).toEqual(wanted);
  });
});
