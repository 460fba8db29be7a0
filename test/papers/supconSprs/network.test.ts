import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { freeze } from "../../../src/nn/frozen.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { encodeSafetensors } from "../../../src/nn/weights/safetensors.js";
import { CLASSIFIER, classifierNetwork, EMBEDDING, embeddingNetwork } from "../../../src/papers/supconSprs/network.js";
import { supconRecipe } from "../../../src/papers/supconSprs/recipe.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const recipe = supconRecipe({ network: "resnet18", mixUp: false, pretrained: true }, "event", "paper", "full");
const pretraining = recipe.pretraining!;
const made: TensorFlow.LayersModel[] = [];
const kept = (model: TensorFlow.LayersModel) => {
  made.push(model);
  return model;
};
afterEach(() => {
  for (const model of made.splice(0)) model.dispose();
});
const digestOf = (model: TensorFlow.LayersModel) =>
  createHash("sha256")
    .update(encodeSafetensors(readWeights(model)))
    .digest("hex");
const trainable = (model: TensorFlow.LayersModel) =>
  model.trainableWeights.reduce((sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1), 0);

describe("network that is pretrained", () => {
  test("has the sizes that the paper's parts have", () => {
    // papers.md 3.3: an encoder of 11,170,240; a head of 512 x 512 + 512 = 262,656, or 512 x 128 + 128 = 65,664.
    expect(trainable(kept(embeddingNetwork(pretraining)))).toBe(11_170_240 + 262_656);
    expect(trainable(kept(embeddingNetwork({ ...pretraining, embedding: 128 })))).toBe(11_170_240 + 65_664);
    const mlp = kept(embeddingNetwork({ ...pretraining, head: "mlp", embedding: 128 }));
    expect(trainable(mlp)).toBe(11_170_240 + 262_656 + 65_664);
    const classifier = kept(classifierNetwork("resnet18", recipe, ["a", "b", "c"]));
    expect(trainable(classifier)).toBe(11_170_240 + 262_656 + 512 * 3 + 3);
  });

  test("gives embeddings of unit length, in the middle of the classifier's network too", () => {
    const model = kept(classifierNetwork("resnet18", recipe, ["a", "b"]));
    initialiseWeights(model, new Streams(1));
    // Shares the layers of `model`, with which they are disposed of.
    const embedding = tf.model({ inputs: model.inputs, outputs: model.getLayer(EMBEDDING).output as never });
    const values = tf.tidy(() => {
      const inputs = tf.randomNormal([3, 64, 187, 1], 0, 1, "float32", 7);
      return (embedding.predict(inputs) as TensorFlow.Tensor2D).arraySync();
    });
    for (const row of values) {
      expect(row).toHaveLength(512);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    }
  });

  test("frozen but for its last layer drops nothing out and keeps its statistics", () => {
    const model = kept(classifierNetwork("resnet18", recipe, ["a", "b"]));
    initialiseWeights(model, new Streams(1));
    freeze(model.layers.filter(({ name }) => name !== CLASSIFIER));
    expect(model.trainableWeights.map(({ shape }) => shape)).toEqual([[512, 2], [2]]);
    const inputs = tf.randomNormal([4, 64, 187, 1], 3, 2, "float32", 7);
    const before = digestOf(model);
    const seed = dropoutSeed(new Streams(2).stream("dropout", 1, 0));
    const [training, evaluation] = tf.tidy(() => [
      (model.apply(inputs, { training: true, dropoutSeed: seed } as never) as TensorFlow.Tensor).dataSync(),
      (model.apply(inputs) as TensorFlow.Tensor).dataSync(),
    ]);
    expect([...training]).toEqual([...evaluation]);
    expect(digestOf(model)).toBe(before);
    tf.dispose([inputs, seed]);
  });
});
