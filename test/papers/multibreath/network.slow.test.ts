import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { freeze } from "../../../src/nn/frozen.js";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { fitWeights } from "../../../src/nn/weights/fitWeights.js";
import { weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { readWeightsFile, type WeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import { type LayerNames, torchName } from "../../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../../src/node/paths.js";
import { CLASSIFIER, LAST_MAP, multibreathNetwork, UPRIGHT } from "../../../src/papers/multibreath/network.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

interface Case {
  lastMap: number[];
  logits: number[];
  trainingLogits: number[];
  loss: number;
  gradientNorms: Record<string, number>;
  /** How far gradient norms of PyTorch's own float32 are from those, relative. */
  float32: number;
}

interface Told {
  cases: Record<string, Case>;
  /** Of the backbone. */
  parameters: number;
  invertedResiduals: { off: number; blocks: number };
}

/** Each head in the snippet's file, which has both. */
const names: Record<"plain" | "csra", LayerNames> = {
  plain: {
    library: "the snippet",
    layers: [
      [/^head\.hidden$/, "plain.0"],
      [/^head$/, "plain.2"],
    ],
  },
  csra: { library: "the snippet", layers: [[/^head$/, "csra"]] },
};

const [rows, frames] = [64, 96];
const cases = [
  ["plain", "plain", "relative"],
  ["csra", "csra", "relative"],
  ["csra panns", "csra", "panns"],
] as const;

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0) / largest;
}

/** In double precision: a float32 sum of 38 million squares is off by a third of a percent. */
function normOf(gradient: TensorFlow.Tensor): number {
  return Math.sqrt((gradient.dataSync() as Float32Array).reduce((sum, value) => sum + value * value, 0));
}

named.each([
  ["CNN6", 4_304_320],
  ["CNN14", 75_477_312],
  ["ResNet22", 11_204_672],
  ["MobileNetV2", 2_223_296],
] as const)("Multi-breath's %s in PyTorch, same weights (needs npm run setup:reference)", (backbone, parameters) => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-multibreath-"));
  let told: Told;
  let file: WeightsFile;
  let maps: TensorFlow.Tensor4D;

  beforeAll(() => {
    const program = path.join(import.meta.dirname, "torchNetwork.py");
    const said = execFileSync(python, [program, backbone], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
    told = JSON.parse(said) as Told;
    file = readWeightsFile(path.join(folder, "weights.pth"));
    // One channel: PyTorch's order is ours.
    const values = new Float32Array(new Uint8Array(readFileSync(path.join(folder, "maps.f32"))).buffer);
    maps = tf.tensor4d(values, [2, rows, frames, 1]);
  }, 300_000);
  afterAll(() => {
    maps.dispose();
    rmSync(folder, { recursive: true });
  });

  test("has as many parameters in the backbone", () => {
    expect(told.parameters).toBe(parameters);
  });

  test("the snippet's blocks of stride 1 are torchvision's inverted residuals", () => {
    const { off: difference, blocks } = told.invertedResiduals;
    expect(blocks).toBe(backbone === "MobileNetV2" ? 13 : 0);
    expect(difference).toBeLessThan(1e-12);
  });

  describe.each(cases)("%s", (name, head, pooling) => {
    let wanted: Case;
    let model: TensorFlow.LayersModel;

    beforeAll(() => {
      wanted = told.cases[name]!;
      const options = { lambda: 0.3, outputs: 3, inputShape: [rows, frames, 1] } as const;
      model = multibreathNetwork({ backbone, head, pooling, ...options });
      const { weights, differences } = fitWeights(file.tensors, weightShapes(model), names[head]);
      const otherHead = head === "plain" ? /^csra\./ : /^plain\./;
      expect(differences.filter((one) => one.what !== "left over" || !otherHead.test(one.name))).toEqual([]);
      writeWeights(model, weights);
    });
    afterAll(() => {
      model.dispose();
    });

    test("evaluation mode: last map and logits", () => {
      const lookAt = (layer: string) =>
        tf.tidy(() => {
          // Shares the layers of `model`, with which they are disposed of.
          const until = tf.model({ inputs: model.inputs, outputs: model.getLayer(layer).output });
          return (until.apply(maps, { training: false }) as TensorFlow.Tensor).dataSync();
        });
      expect(off(lookAt(LAST_MAP[backbone]), wanted.lastMap)).toBeLessThan(1e-5);
      expect(off(lookAt(CLASSIFIER), wanted.logits)).toBeLessThan(1e-5);
      expect(model.layers.some((layer) => layer.name === UPRIGHT)).toBe(pooling === "panns");
    });

    test("training mode without dropout: logits, loss, and each gradient's norm", () => {
      freeze(model.layers.filter((layer) => layer instanceof Dropout));
      const variables = new Map<string, TensorFlow.Variable>();
      for (const layer of model.layers) {
        for (const weight of layer.trainableWeights) {
          const part = weight.originalName.slice(weight.originalName.lastIndexOf("/"));
          variables.set(torchName(`${layer.name}${part}`, names[head]), weight.read() as TensorFlow.Variable);
        }
      }
      const labels = tf.tensor2d([1, 0, 0, 0, 0, 1], [2, 3]);
      let logits: ArrayLike<number> = [];
      const { value, grads } = tf.variableGrads(() => {
        const given = model.apply(maps, { training: true }) as TensorFlow.Tensor2D;
        logits = given.dataSync();
        return crossEntropy(given, labels);
      }, [...variables.values()]);
      expect(off(logits, wanted.trainingLogits)).toBeLessThan(1e-4);
      expect(Math.abs(value.dataSync()[0]! / wanted.loss - 1)).toBeLessThan(1e-4);
      expect([...variables.keys()].sort()).toEqual(Object.keys(wanted.gradientNorms).sort());
      const without: string[] = [];
      for (const [weight, norm] of Object.entries(wanted.gradientNorms)) {
        const found = normOf(grads[variables.get(weight)!.name]!);
        if (norm < 1e-9) {
          without.push(weight);
          expect(found, weight).toBeLessThan(1e-4);
        } else expect(Math.abs(found / norm - 1), weight).toBeLessThan(1e-3);
      }
      // Offsets at the end of the 17 inverted residuals: only linear layers stand before the next norm, which takes any offset away. So it is
      // where a draw leaves all of a ReLU6's values between its kinks.
      const ends = without.filter((weight) => /\.conv\.8\.bias$|^features\.1\.conv\.5\.bias$/.test(weight));
      expect(ends).toHaveLength(backbone === "MobileNetV2" ? 17 : 0);
      expect(without.length - ends.length).toBeLessThan(5);
      // Else the comparison says little: PyTorch's own rounding must stay well within it.
      expect(wanted.float32).toBeLessThan(5e-4);
      tf.dispose([labels, value, grads]);
    });
  });
});
