import { expect, it } from "vitest";
import { embeddingsOf, layersOf } from "../../src/explain/embeddingsOf.js";
import { tf } from "../../src/tensorflow.js";

it("gives a layer's values, flattened, item by item whatever the batch, and leaves the model as it was", async () => {
  const inputs = tf.input({ shape: [2, 3, 1] });
  const flat = tf.layers.flatten({ name: "flat" }).apply(inputs);
  const half = tf.layers.dense({ units: 2, name: "half", useBias: false }).apply(flat);
  const outputs = tf.layers.dense({ units: 1, name: "last" }).apply(half) as ReturnType<typeof tf.input>;
  const model = tf.model({ inputs, outputs });
  // The first unit adds the first row, the second one the other.
  model.getLayer("half").setWeights([tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [6, 2])]);
  const given = {
    model,
    count: 3,
    inputShape: [2, 3, 1] as const,
    writeInput: (index: number, out: Float32Array, at: number) => out.set([1, 2, 3, index, index, index], at),
    batchSize: 2,
    signal: new AbortController().signal,
  };
  expect(await embeddingsOf({ ...given, layer: "half" })).toEqual({
    values: Float32Array.of(6, 0, 6, 3, 6, 6),
    size: 2,
  });
  const whole = await embeddingsOf({ ...given, layer: model.inputLayers[0]!.name });
  expect(whole.size).toBe(6);
  expect([...whole.values.subarray(6, 12)]).toEqual([1, 2, 3, 1, 1, 1]);
  const [input, last] = await layersOf({ ...given, layers: [model.inputLayers[0]!.name, "half"] });
  expect(input).toEqual(whole);
  expect(last).toEqual(await embeddingsOf({ ...given, layer: "half" }));
  await expect(embeddingsOf({ ...given, layer: "avgpool" })).rejects.toThrow(
    'the model has no layer "avgpool"; it has',
  );
  expect((model.predict(tf.zeros([1, 2, 3, 1])) as ReturnType<typeof tf.zeros>).shape).toEqual([1, 1]);
});
