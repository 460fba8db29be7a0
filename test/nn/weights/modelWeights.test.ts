import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const build = () => {
  const input = tf.input({ shape: [2] });
  const hidden = tf.layers.dense({ units: 3, name: "hidden" }).apply(input) as TensorFlow.SymbolicTensor;
  const normed = tf.layers.batchNormalization({ name: "norm" }).apply(hidden) as TensorFlow.SymbolicTensor;
  const outputs = tf.layers.dense({ units: 1, name: "out" }).apply(normed) as TensorFlow.SymbolicTensor;
  return tf.model({ inputs: input, outputs });
};

describe("weights of a model by name", () => {
  let model: TensorFlow.LayersModel;
  beforeEach(() => {
    model?.dispose();
    model = build();
  });
  afterAll(() => {
    model.dispose();
  });

  test("are named by layer and variable, however often the model was built", () => {
    const names = [...readWeights(model).keys()];
    expect(names).toEqual(
      [
        ["hidden/kernel", "hidden/bias"],
        ["norm/gamma", "norm/beta", "norm/moving_mean", "norm/moving_variance"],
        ["out/kernel", "out/bias"],
      ].flat(),
    );
    const second = build();
    expect([...readWeights(second).keys()]).toEqual(names);
    second.dispose();
  });

  test("written into another model, make it answer the same: y = x W + b by hand", () => {
    const weights = readWeights(model);
    const set = (name: string, ...values: number[]) => weights.get(name)!.values.set(values);
    set("hidden/kernel", 1, 2, 3, 4, 5, 6);
    set("hidden/bias", 1, 0, -1);
    set("out/kernel", 1, 10, 100);
    set("out/bias", 0.5);
    set("norm/moving_mean", 1, 1, 1);
    set("norm/moving_variance", 1 - 1e-3, 1 - 1e-3, 1 - 1e-3);
    writeWeights(model, weights);
    // x = (1, -1): hidden (1-4+1, 2-5, 3-6-1) = (-2, -3, -4); minus mean: (-3, -4, -5); out -3 - 40 - 500 + 0.5.
    const answer = tf.tidy(() => (model.apply(tf.tensor2d([[1, -1]])) as TensorFlow.Tensor).dataSync()[0]);
    expect(answer).toBeCloseTo(-542.5, 3);
  });

  test("are copies: training on does not change them", () => {
    const before = readWeights(model).get("hidden/kernel")!.values.slice();
    const kept = readWeights(model).get("hidden/kernel")!.values;
    tf.tidy(() => {
      const variable = model.layers[1]!.weights[0]!.read() as TensorFlow.Variable;
      variable.assign(tf.add(variable, 1));
    });
    expect(kept).toEqual(before);
    expect(readWeights(model).get("hidden/kernel")!.values).not.toEqual(before);
  });

  test.each([
    ["missing", "weight out/bias is missing"],
    ["misshapen", "weight out/bias has shape [2], the model wants [1]"],
  ])("one that is %s is refused, and the model is as it was", (how, message) => {
    const before = readWeights(model);
    const weights = readWeights(model);
    weights.get("hidden/kernel")!.values.fill(9);
    if (how === "missing") weights.delete("out/bias");
    else weights.set("out/bias", { dtype: "F32", shape: [2], values: Float32Array.of(1, 2) });
    expect(() => writeWeights(model, weights)).toThrow(message);
    expect(readWeights(model)).toEqual(before);
  });

  test("reading and writing leave no tensor behind", () => {
    const before = tf.memory().numTensors;
    writeWeights(model, readWeights(model));
    expect(tf.memory().numTensors).toBe(before);
  });
});
