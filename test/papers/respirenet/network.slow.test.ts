import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { freeze } from "../../../src/nn/frozen.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { fitWeights } from "../../../src/nn/weights/fitWeights.js";
import { readWeights, weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { readWeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import { type LayerNames, torchName } from "../../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../../src/node/paths.js";
import {
  LAST_STAGE,
  respirenetClassWeights,
  respirenetNetwork,
  respirenetReceiver,
} from "../../../src/papers/respirenet/network.js";
import { startingWeights } from "../../../src/papers/startingWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

/** Places in the snippet's `fc`. */
const names: LayerNames = {
  library: "the snippet",
  layers: [
    [/^fc\.hidden1$/, "fc.1"],
    [/^fc\.hidden2$/, "fc.4"],
    [/^fc$/, "fc.6"],
  ],
};

interface Told {
  lastStage: number[];
  logits: number[];
  loss: number;
  gradientNorms: Record<string, number>;
  parameters: number;
  /** How far gradient norms of PyTorch's own float32 are from those, relative. */
  float32: number;
}

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0) / largest;
}

named("RespireNet's network in PyTorch, same weights (needs npm run setup:reference)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-respirenet-"));
  const at = (name: string) => path.join(folder, name);
  let told: Told;
  let model: TensorFlow.LayersModel;
  let pictures: TensorFlow.Tensor4D;

  beforeAll(() => {
    const program = path.join(import.meta.dirname, "torchNetwork.py");
    told = JSON.parse(execFileSync(python, [program], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 })) as Told;
    model = respirenetNetwork({ classes: 4, inputShape: [64, 96, 3] });
    const values = new Float32Array(new Uint8Array(readFileSync(at("pictures.f32"))).buffer);
    pictures = tf.tidy(() => tf.transpose(tf.tensor4d(values, [2, 3, 64, 96]), [0, 2, 3, 1]));
    const { weights, differences } = fitWeights(
      readWeightsFile(at("respirenet.pth")).tensors,
      weightShapes(model),
      names,
    );
    expect(differences).toEqual([]);
    writeWeights(model, weights);
  });
  afterAll(() => {
    model.dispose();
    pictures.dispose();
  });

  const lookAt = (layer: string) =>
    tf.tidy(() => {
      const output = model.getLayer(layer).output as TensorFlow.SymbolicTensor;
      // Shares the layers of `model`, with which they are disposed of.
      const until = tf.model({ inputs: model.inputs, outputs: output });
      return (until.apply(pictures, { training: false }) as TensorFlow.Tensor).dataSync();
    });

  test("has as many parameters", () => {
    const size = model.trainableWeights.reduce((sum, weight) => sum + (weight.read() as TensorFlow.Tensor).size, 0);
    expect(size).toBe(told.parameters);
  });

  test("evaluation mode: last residual stage and logits", () => {
    const stage = lookAt(LAST_STAGE);
    expect(stage).toHaveLength(2 * 2 * 3 * 512);
    expect(off(stage, told.lastStage)).toBeLessThan(1e-5);
    expect(off(lookAt("fc"), told.logits)).toBeLessThan(1e-5);
  });

  test("training mode without dropout: loss with class weights, and each gradient's norm", () => {
    freeze(model.layers.filter((layer) => layer instanceof Dropout));
    const variables = new Map<string, TensorFlow.Variable>();
    for (const layer of model.layers) {
      for (const weight of layer.trainableWeights) {
        const part = weight.originalName.slice(weight.originalName.lastIndexOf("/"));
        variables.set(torchName(`${layer.name}${part}`, names), weight.read() as TensorFlow.Variable);
      }
    }
    const labels = tf.tensor2d([1, 0, 0, 0, 0, 0, 1, 0], [2, 4]);
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(pictures, { training: true }) as TensorFlow.Tensor2D;
      return crossEntropy(logits, labels, { classWeights: respirenetClassWeights(4) });
    }, [...variables.values()]);
    expect(Math.abs(value.dataSync()[0]! / told.loss - 1)).toBeLessThan(1e-4);
    expect([...variables.keys()].sort()).toEqual(Object.keys(told.gradientNorms).sort());
    for (const [weight, wanted] of Object.entries(told.gradientNorms)) {
      const norm = grads[variables.get(weight)!.name]!.norm().dataSync()[0]!;
      expect(Math.abs(norm / wanted - 1), weight).toBeLessThan(1e-3);
    }
    // Else the comparison says little: PyTorch's own rounding must stay well within it.
    expect(told.float32).toBeLessThan(5e-4);
    tf.dispose([labels, value, grads]);
  });

  test("torchvision's own ResNet-34 gives the body, and with it the last stage; its ResNet-18 is refused", () => {
    initialiseWeights(model, new Streams(1));
    const head = () => [...readWeights(model)].filter(([name]) => name.startsWith("fc"));
    const before = head();
    const start = startingWeights(at("resnet34.pth"), respirenetReceiver(4));
    start.putInto(model);
    expect(start.headAnew).toBe(true);
    expect(head()).toEqual(before);
    expect(off(lookAt(LAST_STAGE), told.lastStage)).toBeLessThan(1e-5);
    expect(() => startingWeights(at("resnet18.pth"), respirenetReceiver(4))).toThrow(
      /^resnet18\.pth does not fit ResNet-34 with three input channels and 4 classes:\n.*\n {2}missing +layer1\.2\.conv1/,
    );
  });
});
