import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { type PredictOptions, predict } from "../../src/training/predict.js";

describe("predict", () => {
  let model: TensorFlow.LayersModel;
  // Two logits: the sum of the input and minus twice that.
  beforeAll(() => {
    const input = tf.input({ shape: [1, 2, 1] });
    const flat = tf.layers.flatten().apply(input) as TensorFlow.SymbolicTensor;
    const dropped = tf.layers.dropout({ rate: 0.9 }).apply(flat) as TensorFlow.SymbolicTensor;
    const outputs = tf.layers.dense({ units: 2, useBias: false }).apply(dropped) as TensorFlow.SymbolicTensor;
    model = tf.model({ inputs: input, outputs });
    model.setWeights([tf.tensor2d([1, -2, 1, -2], [2, 2])]);
  });
  afterAll(() => {
    model.dispose();
  });

  const options = (over: Partial<PredictOptions> = {}): PredictOptions => ({
    model,
    count: 7,
    inputShape: [1, 2, 1],
    classes: 2,
    writeInput: (index, out, offset) => out.set([index, 100], offset),
    batchSize: 3,
    signal: new AbortController().signal,
    ...over,
  });

  test("answers in order, the last short batch too, without dropout", async () => {
    const wanted = Array.from({ length: 7 }, (_, i) => [i + 100, -2 * (i + 100)]).flat();
    expect([...(await predict(options()))]).toEqual(wanted);
    expect([...(await predict(options({ batchSize: 64 })))]).toEqual(wanted);
    expect([...(await predict(options({ batchSize: 1 })))]).toEqual(wanted);
  });

  test("tells how far it is, and leaves no tensor behind", async () => {
    const told: number[][] = [];
    const before = tf.memory().numTensors;
    await predict(options({ onProgress: (done, total) => told.push([done, total]) }));
    expect(told).toEqual([[3, 7], [6, 7], [7, 7]]); // biome-ignore format: one line
    expect(tf.memory().numTensors).toBe(before);
  });

  test("no items, no answers", async () => {
    expect(await predict(options({ count: 0 }))).toHaveLength(0);
  });

  test("stops between batches when asked to", async () => {
    const controller = new AbortController();
    const stopped = predict(options({ signal: controller.signal, onProgress: () => controller.abort() }));
    await expect(stopped).rejects.toMatchObject({ name: "Interrupted", message: "stopped in evaluation, item 3 of 7" });
  });
});
