import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freeze, unfreeze } from "../../src/nn/frozen.js";
import { BatchNorm1d } from "../../src/nn/layers/batchNorm1d.js";
import { Dropout } from "../../src/nn/layers/dropout.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

/** An encoder with a norm and dropout, and a classifier on it. */
function build() {
  const inner = tf.input({ shape: [3] });
  const linear = new Linear({ units: 4, name: "linear" }).apply(inner);
  const norm = new BatchNorm1d({ name: "norm" }).apply(linear);
  const dropped = new Dropout({ rate: 0.5, name: "drop" }).apply(norm) as TensorFlow.SymbolicTensor;
  const encoder = tf.model({ inputs: inner, outputs: dropped, name: "encoder" });
  const input = tf.input({ shape: [3] });
  const normed = new BatchNorm1d({ name: "headNorm" }).apply(encoder.apply(input));
  const outputs = new Linear({ units: 2, name: "head" }).apply(normed) as TensorFlow.SymbolicTensor;
  return { encoder, model: tf.model({ inputs: input, outputs }) };
}

describe("a frozen part", () => {
  let parts: ReturnType<typeof build>;
  let x: TensorFlow.Tensor2D;
  let dropoutSeed: TensorFlow.Tensor1D;
  beforeEach(() => {
    parts = build();
    for (const [i, weight] of parts.encoder.layers[1]!.weights.entries()) {
      tf.tidy(() => void weight.write(tf.randomNormal(weight.shape as number[], 0, 1, "float32", 1 + i)));
    }
    x = tf.randomNormal([6, 3], 0, 1, "float32", 7);
    dropoutSeed = tf.tensor1d([1, 2], "int32");
  });
  afterEach(() => {
    parts.model.dispose();
    tf.dispose([x, dropoutSeed]);
  });

  const apply = (model: TensorFlow.LayersModel, training: boolean) =>
    tf.tidy(() => [...(model.apply(x, { training, dropoutSeed } as never) as TensorFlow.Tensor).dataSync()]);

  test("answers in evaluation mode, and its statistics do not move; the rest still trains", () => {
    const { encoder, model } = parts;
    freeze(encoder);
    const before = readWeights(model);
    expect(apply(encoder, true)).toEqual(apply(encoder, false));
    apply(model, true);
    const after = readWeights(model);
    expect(after.get("encoder.norm/runningMean")).toEqual(before.get("encoder.norm/runningMean"));
    expect(after.get("encoder.norm/runningVariance")).toEqual(before.get("encoder.norm/runningVariance"));
    expect(after.get("headNorm/runningMean")).not.toEqual(before.get("headNorm/runningMean"));
  });

  test("has no trainable weights, and gets them back", () => {
    const { encoder, model } = parts;
    const names = () => model.trainableWeights.map(({ originalName }) => originalName);
    const all = names();
    expect(all.length).toBe(8);
    freeze(encoder);
    expect(names()).toEqual(["headNorm/scale", "headNorm/offset", "head/weight", "head/bias"]);
    unfreeze(encoder);
    expect(names()).toEqual(all);
    expect(apply(encoder, true)).not.toEqual(apply(encoder, false));
  });

  test("may be some layers: a norm alone, or one frozen through its model's `trainable`", () => {
    const { encoder } = parts;
    const mean = () => readWeights(encoder).get("norm/runningMean")!.values;
    const first = mean();
    freeze([encoder.getLayer("norm")]);
    apply(encoder, true);
    expect(mean()).toEqual(first);
    unfreeze(encoder);
    encoder.trainable = false;
    apply(encoder, true);
    expect(mean()).toEqual(first);
    encoder.trainable = true;
    apply(encoder, true);
    expect(mean()).not.toEqual(first);
  });

  test("still passes gradients to what lies before it", () => {
    const { encoder } = parts;
    freeze(encoder);
    const gradient = tf.tidy(() => [
      ...tf
        .grad((z) => tf.sum(tf.square(encoder.apply(z, { training: true }) as TensorFlow.Tensor)))(x)
        .dataSync(),
    ]);
    // Central differences: third-order error of a smooth function, and rounding of the sum over 24 squares.
    const loss = (values: Float32Array) =>
      tf.tidy(() => {
        const y = encoder.apply(tf.tensor2d(values, [6, 3])) as TensorFlow.Tensor;
        return tf.sum(tf.square(y)).dataSync()[0]!;
      });
    const values = x.dataSync() as Float32Array;
    const step = 2 ** -7;
    const moved = (i: number, by: number) => Float32Array.from(values, (value, k) => (k === i ? value + by : value));
    for (const i of [0, 4, 17]) {
      const difference = (loss(moved(i, step)) - loss(moved(i, -step))) / (2 * step);
      expect(Math.abs(gradient[i]! - difference)).toBeLessThan(2e-3 * Math.max(...gradient.map(Math.abs)));
    }
  });
});
