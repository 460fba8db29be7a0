import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { MovingAverage } from "../../src/training/movingAverage.js";
import { Sgd } from "../../src/training/optimizers/sgd.js";

/** Two parameters (scale, offset) and two buffers (running mean and variance), of two channels. */
function normModel(): TensorFlow.LayersModel {
  const input = tf.input({ shape: [1, 1, 2] });
  return tf.model({
    inputs: input,
    outputs: new BatchNorm2d({ name: "norm" }).apply(input) as TensorFlow.SymbolicTensor,
  });
}

describe("moving average", () => {
  let model: TensorFlow.LayersModel;
  let before: number;
  beforeEach(() => {
    before = tf.memory().numTensors;
    model = normModel();
  });
  afterEach(() => {
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  /** Weight `w` after step `t`, which is `3 w + t` in both channels. */
  const set = (t: number) => {
    tf.tidy(() => {
      for (const [w, weight] of model.weights.entries()) weight.write(tf.fill([2], 3 * w + t));
    });
  };
  const averages = (average: MovingAverage) => [...average.tensors().values()].map(({ values }) => values[1]!);

  test.each([0, 0.1, 0.9])("with decay %s has its closed form, for parameters and buffers", (decay) => {
    set(0);
    const average = new MovingAverage(model, decay);
    const steps = 12;
    for (let t = 1; t <= steps; t++) {
      set(t * t);
      average.update();
    }
    // decay^n w_0 + (1 - decay) * sum over t of decay^(n - t) w_t
    let sum = 0;
    for (let t = 1; t <= steps; t++) sum += decay ** (steps - t) * t * t;
    const found = averages(average);
    expect(found).toHaveLength(4);
    found.forEach((value, w) => {
      const wanted = 3 * w + (1 - decay) * sum;
      // Three roundings a step on values of at most 153, whose sum of weights is 1 / (1 - decay).
      expect(Math.abs(value - wanted)).toBeLessThan((3 * 153 * 2 ** -24) / (1 - decay));
    });
    average.dispose();
  });

  test("starts from the weights as they are, and keeps them when those move", () => {
    set(5);
    const average = new MovingAverage(model, 0.5);
    const [scale] = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const sgd = new Sgd([scale!]);
    tf.tidy(() => sgd.apply([tf.ones([2])], 0.5));
    expect([...scale!.dataSync()]).toEqual([4.5, 4.5]);
    expect(averages(average)).toEqual([5, 8, 11, 14]);
    tf.tidy(() => average.update());
    expect(averages(average)).toEqual([4.75, 8, 11, 14]);
    average.dispose();
    sgd.dispose();
  });

  test("the model holds it for a while, and its own weights again whatever happens", async () => {
    set(0);
    const average = new MovingAverage(model, 0.5);
    set(2);
    average.update();
    const own = readWeights(model);
    const held = await average.during(async () => readWeights(model));
    expect([...held.values()].map(({ values }) => values[0])).toEqual([1, 4, 7, 10]);
    expect(readWeights(model)).toEqual(own);
    await expect(average.during(() => Promise.reject(new Error("out")))).rejects.toThrow("out");
    expect(readWeights(model)).toEqual(own);
    average.update();
    expect(averages(average)).toEqual([1.5, 4.5, 7.5, 10.5]);
    average.dispose();
  });

  test("goes on from its tensors, and leaves the weights alone", () => {
    set(0);
    const first = new MovingAverage(model, 0.5);
    set(2);
    first.update();
    const kept = first.tensors();
    first.dispose();
    const second = new MovingAverage(model, 0.5);
    second.restore(kept);
    second.update();
    expect(averages(second)).toEqual([1.5, 4.5, 7.5, 10.5]);
    expect([...readWeights(model).values()].map(({ values }) => values[0])).toEqual([2, 5, 8, 11]);
    expect(() => second.restore(new Map())).toThrow("weight norm/scale is missing");
    expect(averages(second)).toEqual([1.5, 4.5, 7.5, 10.5]);
    second.dispose();
  });

  test("an update leaves nothing behind", () => {
    const average = new MovingAverage(model, 0.9);
    const count = tf.memory().numTensors;
    for (let t = 0; t < 10; t++) average.update();
    expect(tf.memory().numTensors).toBe(count);
    average.dispose();
  });

  test.each([1, -0.1, Number.NaN])("a decay of %s is refused", (decay) => {
    expect(() => new MovingAverage(model, decay)).toThrow(`${decay}: must be at least 0 and less than 1`);
  });
});
