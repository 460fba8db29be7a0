import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { fitWeights } from "../../../src/nn/weights/fitWeights.js";
import { weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { readWeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import { type LayerNames, torchName } from "../../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../../src/node/paths.js";
import {
  CLASSIFIER,
  glancegazeAttention,
  glancegazeNetwork,
  LAST_MAP,
} from "../../../src/papers/glancegaze/network.js";
import type { GlancegazeOptions } from "../../../src/papers/glancegaze/networkOptions.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

interface Case {
  lastMap: number[];
  /** w_f, then w_t, of each stage. */
  attention: number[][];
  logits: number[];
  trainingLogits: number[];
  loss: number;
  gradientNorms: Record<string, number>;
  /** How far gradient norms of PyTorch's own float32 are from those, relative. */
  float32: number;
}

/** The snippet has our names. */
const names: LayerNames = { library: "the snippet", layers: [] };

const [batch, rows, frames, channels] = [3, 32, 40, 2];
const cases: [string, Partial<GlancegazeOptions>][] = [
  ["proposed", {}],
  ["without glance", { without: "glance" }],
  ["without gaze", { without: "gaze" }],
  ["without ffm", { without: "ffm" }],
  ["se", { ffm: "se" }],
  ["literal softmax", { attentionScale: "none" }],
  ["one glance", { shareGlance: true }],
  ["wide glance, share of the map", { glanceKernel: 5, shrinkage: "map" }],
];

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0) / largest;
}

const normOf = (gradient: TensorFlow.Tensor) =>
  Math.sqrt((gradient.dataSync() as Float32Array).reduce((sum, value) => sum + value * value, 0));

/** The number that moves a norm's input, or the scores of a softmax, all alike: it has no gradient. */
const LOST = /\.shrink\.fc1\.bias$|\.glance\.([a-z]+\.)?conv\.bias$/;

named("Glance-and-Gaze in PyTorch, same weights (needs npm run setup:reference)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-glancegaze-"));
  let told: Record<string, Case>;
  let maps: TensorFlow.Tensor4D;

  beforeAll(() => {
    const program = path.join(import.meta.dirname, "torchNetwork.py");
    const said = execFileSync(python, [program], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
    told = JSON.parse(said) as Record<string, Case>;
    const values = new Float32Array(new Uint8Array(readFileSync(path.join(folder, "maps.f32"))).buffer);
    maps = tf.tensor4d(values, [batch, rows, frames, channels]);
  }, 300_000);
  afterAll(() => {
    maps.dispose();
    rmSync(folder, { recursive: true });
  });

  test("the snippet has as many cases", () => {
    expect(Object.keys(told)).toEqual(cases.map(([name]) => name));
  });

  describe.each(cases)("%s", (name, options) => {
    let wanted: Case;
    let model: TensorFlow.LayersModel;

    beforeAll(() => {
      wanted = told[name]!;
      model = glancegazeNetwork({ inputShape: [rows, frames, channels], outputs: 3, ...options });
      const file = readWeightsFile(path.join(folder, `${name}.pth`));
      const { weights, differences } = fitWeights(file.tensors, weightShapes(model), names);
      expect(differences).toEqual([]);
      writeWeights(model, weights);
    });
    afterAll(() => {
      model.dispose();
    });

    test("evaluation mode: last map, attention and logits", () => {
      const evaluate = (from: TensorFlow.LayersModel) =>
        tf.tidy(() =>
          [from.apply(maps, { training: false }) as TensorFlow.Tensor].flat().map((tensor) => tensor.dataSync()),
        );
      // Shares the layers of `model`, with which they are disposed of.
      const until = (layer: string) => tf.model({ inputs: model.inputs, outputs: model.getLayer(layer).output });
      expect(off(evaluate(until(LAST_MAP))[0]!, wanted.lastMap)).toBeLessThan(1e-5);
      expect(off(evaluate(until(CLASSIFIER))[0]!, wanted.logits)).toBeLessThan(1e-5);
      const attention = options.without === "glance" ? [] : evaluate(glancegazeAttention(model));
      expect(attention).toHaveLength(wanted.attention.length);
      attention.forEach((weights, i) => {
        expect(off(weights, wanted.attention[i]!), `${i}`).toBeLessThan(1e-5);
      });
    });

    test("training mode: logits, loss, and each gradient's norm", () => {
      const variables = new Map<string, TensorFlow.Variable>();
      for (const layer of model.layers) {
        for (const weight of layer.trainableWeights) {
          const part = weight.originalName.slice(weight.originalName.lastIndexOf("/"));
          variables.set(torchName(`${layer.name}${part}`, names), weight.read() as TensorFlow.Variable);
        }
      }
      const labels = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 1, 0], [batch, 3]);
      let logits: ArrayLike<number> = [];
      const { value, grads } = tf.variableGrads(() => {
        const given = model.apply(maps, { training: true }) as TensorFlow.Tensor2D;
        logits = given.dataSync();
        return crossEntropy(given, labels);
      }, [...variables.values()]);
      expect(off(logits, wanted.trainingLogits)).toBeLessThan(1e-4);
      expect(Math.abs(value.dataSync()[0]! / wanted.loss - 1)).toBeLessThan(1e-4);
      expect([...variables.keys()].sort()).toEqual(Object.keys(wanted.gradientNorms).sort());
      for (const [weight, norm] of Object.entries(wanted.gradientNorms)) {
        const found = normOf(grads[variables.get(weight)!.name]!);
        expect(norm < 1e-9, weight).toBe(LOST.test(weight));
        if (norm < 1e-9) expect(found, weight).toBeLessThan(1e-4);
        else expect(Math.abs(found / norm - 1), weight).toBeLessThan(1e-3);
      }
      // Else the comparison says little: PyTorch's own rounding must stay well within it.
      expect(wanted.float32).toBeLessThan(5e-4);
      tf.dispose([labels, value, grads]);
    });
  });
});
