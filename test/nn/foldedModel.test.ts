import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { resnet18 } from "../../src/nn/backbones/resnet18.js";
import { FoldedModel } from "../../src/nn/foldedModel.js";
import { freeze } from "../../src/nn/frozen.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm1d } from "../../src/nn/layers/batchNorm1d.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv1d } from "../../src/nn/layers/conv1d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { withPortableOps } from "../../src/nn/ops/path.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** Weights and statistics as after training: no ones, no zeros. */
function unsettle(model: TensorFlow.LayersModel, seed = 1): TensorFlow.LayersModel {
  initialiseWeights(model, new Streams(seed));
  const rng = new Streams(seed).stream("statistics");
  for (const weight of model.weights) {
    if (weight.shape.length !== 1) continue;
    const least = /ariance|scale/.test(weight.name) ? 0.5 : -0.5;
    const values = Float32Array.from({ length: weight.shape[0]! }, () => least + rng.uniform());
    const tensor = tf.tensor1d(values);
    weight.write(tensor);
    tensor.dispose();
  }
  return model;
}

function largestDifference(a: TensorFlow.Tensor, b: TensorFlow.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}

const noise = (shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", 3);

/** A grouped convolution with a bias and its norm, then one whose output is read by its norm and by another layer. */
function branched(): TensorFlow.LayersModel {
  const input = tf.input({ shape: [6, 7, 2] });
  let x = new Conv2d({ filters: 4, kernelSize: 3, groups: 2, bias: true, name: "a" }).apply(input) as Symbolic;
  x = new BatchNorm2d({ convention: "keras", name: "a.norm" }).apply(x) as Symbolic;
  const read = new Conv2d({ filters: 4, kernelSize: 1, name: "b" }).apply(x) as Symbolic;
  const norm = new BatchNorm2d({ name: "b.norm" }).apply(read) as Symbolic;
  const outputs = tf.layers.add().apply([norm, read]) as Symbolic;
  return unsettle(tf.model({ inputs: input, outputs }));
}

describe("a folded model", () => {
  test("answers as the model does, eagerly, fused and on plain operations", () => {
    const model = unsettle(resnet18({ rows: 64, frames: 61, channels: 1 }, 4));
    const folded = new FoldedModel(model, "all");
    expect(folded.size).toBe(20);
    const x = noise([5, 64, 61, 1]);
    const wanted = model.apply(x) as TensorFlow.Tensor;
    const size = tf.tidy(() => tf.max(tf.abs(wanted)).dataSync()[0]!);
    const fused = compile((inputs: TensorFlow.Tensor) => folded.apply(inputs), { fused: true });
    for (const answer of [folded.apply(x), fused(x), withPortableOps(() => folded.apply(x))]) {
      expect(largestDifference(answer, wanted) / size).toBeLessThan(1e-5);
    }
    fused.dispose();
    folded.dispose();
    model.dispose();
  });

  test("takes over changed weights when it is told to", () => {
    const model = branched();
    const folded = new FoldedModel(model, "all");
    const x = noise([2, 6, 7, 2]);
    const old = folded.apply(x);
    unsettle(model, 2);
    folded.refresh();
    const wanted = model.apply(x) as TensorFlow.Tensor;
    expect(largestDifference(folded.apply(x), wanted)).toBeLessThan(1e-5);
    expect(largestDifference(old, wanted)).toBeGreaterThan(0.01);
  });

  test("folds groups, biases and Keras's convention; leaves a convolution that others read", () => {
    const model = branched();
    const folded = new FoldedModel(model, "all");
    expect(folded.size).toBe(1);
    const x = noise([3, 6, 7, 2]);
    expect(largestDifference(folded.apply(x), model.apply(x) as TensorFlow.Tensor)).toBeLessThan(1e-5);
  });

  test("folds in one dimension", () => {
    const input = tf.input({ shape: [9, 2] });
    const x = new Conv1d({ filters: 3, kernelSize: 3, stride: 2, name: "conv" }).apply(input) as Symbolic;
    const model = unsettle(
      tf.model({ inputs: input, outputs: new BatchNorm1d({ name: "norm" }).apply(x) as Symbolic }),
    );
    const folded = new FoldedModel(model, "all");
    expect(folded.size).toBe(1);
    const sound = noise([2, 9, 2]);
    expect(largestDifference(folded.apply(sound), model.apply(sound) as TensorFlow.Tensor)).toBeLessThan(1e-5);
  });

  test("of a model in training, folds what is frozen with nothing before it that learns", () => {
    const frozenCount = (names: readonly string[]) => {
      const model = branched();
      freeze(model.layers.filter(({ name }) => names.includes(name)));
      const folded = new FoldedModel(model, "frozen");
      folded.dispose();
      return folded.size;
    };
    expect(frozenCount([])).toBe(0);
    expect(frozenCount(["a", "a.norm"])).toBe(1);
    expect(frozenCount(["a.norm"])).toBe(0);
    expect(frozenCount(["a"])).toBe(0);
  });

  test("gives its memory back, and leaves the model's", () => {
    const model = branched();
    const before = tf.memory().numTensors;
    const folded = new FoldedModel(model, "all");
    tf.dispose(tf.tidy(() => folded.apply(noise([1, 6, 7, 2]))));
    folded.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect((model.apply(noise([1, 6, 7, 2])) as TensorFlow.Tensor).shape).toEqual([1, 4, 5, 4]);
  });
});
