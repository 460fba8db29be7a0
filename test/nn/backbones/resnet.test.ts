import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { resnet18 } from "../../../src/nn/backbones/resnet18.js";
import { resnet34 } from "../../../src/nn/backbones/resnet34.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import type { NamedTensor } from "../../../src/nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise, noiseWeights, torchName } from "../torchNames.js";
import { expectItemsAlone } from "./itemsAlone.js";
import { torchNets } from "./torchResnets.js";

// PyTorch's own float32 differs from its float64, relative to the largest, by up to 8e-7 in evaluation mode (gradient norms 6e-7),
// 9e-6 in training mode (gradient norms 1.4e-5, running averages 6e-6), 3.4e-5 after a step. Ten times that, for another order of sums.
const EVALUATION = 1e-5;
const TRAINING = 1e-4;
const NORMS = 1.5e-4;
const RUNNING = 6e-5;
const AFTER_STEP = 4e-4;

const nets = {
  "resnet18 with 1 channels": { build: resnet18, channels: 1, encoder: 11_170_240 },
  "resnet34 with 3 channels": { build: resnet34, channels: 3, encoder: 21_284_672 },
};

const runningNames = ["bn1", "layer4.1.bn2"].flatMap((norm) => [`${norm}/runningMean`, `${norm}/runningVariance`]);

const trainableSize = (model: TensorFlow.LayersModel) =>
  model.trainableWeights.reduce((sum, weight) => sum + (weight.read() as TensorFlow.Tensor).size, 0);

/** The largest difference, as a share of the largest number wanted. */
const off = (values: ArrayLike<number>, wanted: number[]) =>
  Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!))) / Math.max(...wanted.map(Math.abs));

describe.each(Object.entries(nets))("%s against torchvision, same weights", (name, { build, channels, encoder }) => {
  const torch = torchNets[name]!;
  let model: TensorFlow.LayersModel;
  let x: TensorFlow.Tensor4D;
  let y: TensorFlow.Tensor2D;
  let start: Map<string, NamedTensor>;

  beforeAll(() => {
    model = build({ rows: 64, frames: 64, channels }, 3);
    start = noiseWeights(readWeights(model));
    writeWeights(model, start);
    x = tf.tidy(() => {
      const values = tf.tensor4d(Float32Array.from(noise(2 * channels * 64 * 64, 1010)), [2, channels, 64, 64]);
      return tf.transpose(values, [0, 2, 3, 1]);
    });
    y = tf.tensor2d([1, 0, 0, 0, 0, 1], [2, 3]);
  });
  afterAll(() => {
    model.dispose();
    tf.dispose([x, y]);
  });

  /** One pass forward and backward; the gradients by torchvision's names, sorted. */
  function backward(training: boolean) {
    const variables = new Map<string, TensorFlow.Variable>();
    for (const layer of model.layers) {
      for (const weight of layer.trainableWeights) {
        variables.set(torchName(weight.originalName), weight.read() as TensorFlow.Variable);
      }
    }
    let logits: Float32Array = new Float32Array();
    const { value, grads } = tf.variableGrads(() => {
      const out = model.apply(x, { training }) as TensorFlow.Tensor2D;
      logits = out.dataSync() as Float32Array;
      return crossEntropy(out, y);
    }, [...variables.values()]);
    const loss = value.dataSync()[0]!;
    const sorted = [...variables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, variable]) => variable);
    const norms = sorted.map(({ name }) => {
      const gradient = grads[name]!.dataSync() as Float32Array;
      return Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
    });
    const step = (learningRate: number) =>
      tf.tidy(() => {
        for (const variable of sorted) variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, learningRate)));
      });
    return { logits, loss, norms, step, dispose: () => tf.dispose([value, grads]) };
  }

  function expectNorms(norms: number[], wanted: number[], tolerance: number) {
    expect(norms.length).toBe(wanted.length);
    norms.forEach((norm, i) => {
      expect(Math.abs(norm / wanted[i]! - 1), `gradient ${i}`).toBeLessThan(tolerance);
    });
  }

  test("has torchvision's parameters", () => {
    expect(trainableSize(model)).toBe(encoder + 512 * 3 + 3);
  });

  test("evaluation mode: an item's logits depend neither on its batch nor on the order", () => {
    expectItemsAlone(model, 64, 64, channels);
  });

  test("evaluation mode: logits, loss, gradients", () => {
    const { logits, loss, norms, dispose } = backward(false);
    dispose();
    expect(off(logits, torch.evaluation.logits)).toBeLessThan(EVALUATION);
    expect(off([loss], [torch.evaluation.loss])).toBeLessThan(EVALUATION);
    expectNorms(norms, torch.evaluation.gradientNorms, EVALUATION);
    const weights = readWeights(model);
    for (const running of runningNames) expect(weights.get(running), running).toEqual(start.get(running));
  });

  test("training mode: logits, loss, gradients, running statistics; then a step of SGD; nothing leaks", () => {
    const before = tf.memory().numTensors;
    const { logits, loss, norms, step, dispose } = backward(true);
    expect(off(logits, torch.training.logits)).toBeLessThan(TRAINING);
    expect(off([loss], [torch.training.loss])).toBeLessThan(TRAINING);
    expectNorms(norms, torch.training.gradientNorms, NORMS);
    const weights = readWeights(model);
    runningNames.forEach((running, i) => {
      expect(off(weights.get(running)!.values, torch.running[i]!), running).toBeLessThan(RUNNING);
    });

    step(0.001);
    dispose();
    const after = backward(true);
    after.dispose();
    expect(off(after.logits, torch.afterStep.logits)).toBeLessThan(AFTER_STEP);
    expect(off([after.loss], [torch.afterStep.loss])).toBeLessThan(AFTER_STEP);
    const evaluated = tf.tidy(() => (model.apply(x) as TensorFlow.Tensor).dataSync());
    expect(off(evaluated, torch.afterStep.evaluation)).toBeLessThan(AFTER_STEP);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("the small stem of papers.md 3.3: 11,167,680 parameters, and maps four times as long and as wide", () => {
  const model = resnet18({ rows: 32, frames: 32, channels: 1 }, 2, { stem: "small" });
  expect(trainableSize(model)).toBe(11_167_680 + 512 * 2 + 2);
  expect((model.getLayer("layer4.1.relu2").output as TensorFlow.SymbolicTensor).shape).toEqual([null, 4, 4, 512]);
  model.dispose();
});

test.each([
  ["resnet18", resnet18, 3, 11_176_512],
  ["resnet34", resnet34, 1, 21_278_400],
] as const)("%s with another number of channels", (_, build, channels, encoder) => {
  const model = build({ rows: 64, frames: 187, channels }, 2);
  expect(trainableSize(model)).toBe(encoder + 512 * 2 + 2);
  expect(model.outputs[0]!.shape).toEqual([null, 2]);
  model.dispose();
});
