import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { vgg16 } from "../../../src/nn/backbones/vgg16.js";
import { freeze } from "../../../src/nn/frozen.js";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { readWeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import type { NamedTensor } from "../../../src/nn/weights/safetensors.js";
import { fromTorchLayout, torchName, torchShape } from "../../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../../src/node/paths.js";
import { BASELINES, type BaselineKind, baselineNetwork } from "../../../src/papers/glancegaze/baselines.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

interface Told {
  rows: number;
  frames: number;
  logits: number[];
  trainingLogits: number[];
  loss: number;
  gradientNorms: Record<string, number>;
  /** How far gradient norms of PyTorch's own float32 are from those, relative. */
  float32: number;
}

const OUTPUTS = 3;

function network(kind: BaselineKind, rows: number, frames: number): TensorFlow.LayersModel {
  if (kind === "VGG16") return vgg16({ rows, frames, channels: 1 }, OUTPUTS, { hidden: 32 });
  return baselineNetwork({ kind, inputShape: [rows, frames, 1], outputs: OUTPUTS });
}

const recurrent = /^(lstm|gru)(\d?)\/(input|recurrent)(Weight|Bias)(Reverse)?$/;
const attention: Record<string, string> = { weight: "0.weight", bias: "0.bias", direction: "2.weight" };

/** The snippet's name of a weight: "gru2/recurrentBiasReverse" is "gru.bias_hh_l1_reverse". */
function snippetName(ours: string): string {
  const [, net, layer, of, part, reverse] = recurrent.exec(ours) ?? [];
  if (net) {
    const level = layer === "" ? 0 : Number(layer) - 1;
    return `${net}.${part!.toLowerCase()}_${of === "input" ? "ih" : "hh"}_l${level}${reverse ? "_reverse" : ""}`;
  }
  if (ours.startsWith("attention/")) return `attention.${attention[ours.slice("attention/".length)]}`;
  return torchName(ours, { library: "the snippet", layers: [] });
}

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0) / largest;
}

/** In double precision. */
function normOf(gradient: TensorFlow.Tensor): number {
  return Math.sqrt((gradient.dataSync() as Float32Array).reduce((sum, value) => sum + value * value, 0));
}

named.each(BASELINES)("%s in PyTorch, same weights (needs npm run setup:reference)", (kind) => {
  let told: Told;
  let maps: TensorFlow.Tensor4D;
  let model: TensorFlow.LayersModel;

  beforeAll(() => {
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-glancegaze-"));
    try {
      const program = path.join(import.meta.dirname, "torchBaselines.py");
      const said = execFileSync(python, [program, kind], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
      told = JSON.parse(said) as Told;
      const { rows, frames } = told;
      // One channel: PyTorch's order is ours.
      const values = new Float32Array(new Uint8Array(readFileSync(path.join(folder, "maps.f32"))).buffer);
      maps = tf.tensor4d(values, [2, rows, frames, 1]);
      model = network(kind, rows, frames);
      const { tensors } = readWeightsFile(path.join(folder, "weights.pth"));
      const weights = new Map<string, NamedTensor>();
      const used: string[] = [];
      for (const [name, shape] of weightShapes(model)) {
        const theirs = tensors.get(snippetName(name));
        expect(theirs?.shape, name).toEqual(torchShape(shape));
        weights.set(name, fromTorchLayout(theirs!, shape));
        used.push(snippetName(name));
      }
      const there = [...tensors.keys()].filter((name) => !name.endsWith("num_batches_tracked"));
      expect(used.sort()).toEqual(there.sort());
      writeWeights(model, weights);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
  afterAll(() => {
    maps.dispose();
    model.dispose();
  });

  test("evaluation mode: logits", () => {
    const logits = tf.tidy(() => (model.apply(maps, { training: false }) as TensorFlow.Tensor).dataSync());
    expect(off(logits, told.logits)).toBeLessThan(1e-5);
  });

  test("training mode without dropout: logits, loss, and each gradient's norm", () => {
    freeze(model.layers.filter((layer) => layer instanceof Dropout));
    const variables = new Map<string, TensorFlow.Variable>();
    for (const layer of model.layers) {
      for (const weight of layer.trainableWeights) {
        const part = weight.originalName.slice(weight.originalName.lastIndexOf("/"));
        variables.set(snippetName(`${layer.name}${part}`), weight.read() as TensorFlow.Variable);
      }
    }
    const labels = tf.tensor2d([1, 0, 0, 0, 0, 1], [2, OUTPUTS]);
    let logits: ArrayLike<number> = [];
    const { value, grads } = tf.variableGrads(() => {
      const given = model.apply(maps, { training: true }) as TensorFlow.Tensor2D;
      logits = given.dataSync();
      return crossEntropy(given, labels);
    }, [...variables.values()]);
    expect(off(logits, told.trainingLogits)).toBeLessThan(1e-5);
    expect(Math.abs(value.dataSync()[0]! / told.loss - 1)).toBeLessThan(1e-5);
    expect([...variables.keys()].sort()).toEqual(Object.keys(told.gradientNorms).sort());
    const without: string[] = [];
    for (const [weight, norm] of Object.entries(told.gradientNorms)) {
      const found = normOf(grads[variables.get(weight)!.name]!);
      if (norm < 1e-9) {
        without.push(weight);
        expect(found, weight).toBeLessThan(1e-4);
      } else expect(Math.abs(found / norm - 1), weight).toBeLessThan(5e-5);
    }
    // Biases of VGG16's convolutions: the norm after each takes any offset away.
    expect(without.every((weight) => /^features\.\d+\.bias$/.test(weight))).toBe(true);
    expect(without).toHaveLength(kind === "VGG16" ? 13 : 0);
    // Else the comparison says little: PyTorch's own rounding must stay well within it.
    expect(told.float32).toBeLessThan(1e-5);
    tf.dispose([labels, value, grads]);
  });
});
