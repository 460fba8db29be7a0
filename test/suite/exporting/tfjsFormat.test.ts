import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Csra } from "../../../src/nn/layers/csra.js";
import { MaxPool2d } from "../../../src/nn/layers/maxPool2d.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { projectRoot } from "../../../src/node/paths.js";
import { writeTfjs } from "../../../src/suite/exporting/tfjsFormat.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

/** A program that knows stock TensorFlow.js alone, on its plain JavaScript backend. Prints what the model answers to sines. */
const PROGRAM = `
const { readFileSync } = require("node:fs");
const [folder, size] = process.argv.slice(1);
globalThis.tf = require("@tensorflow/tfjs");
(0, eval)(readFileSync(folder + "/layers.js", "utf8"));
(async () => {
  await tf.setBackend("cpu");
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(folder + "/model.json", "utf8"));
  const weightData = new Uint8Array(readFileSync(folder + "/" + weightsManifest[0].paths[0])).buffer;
  const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const shape = JSON.parse(size);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i));
  console.log(JSON.stringify([...model.predict(tf.tensor(values, shape)).dataSync()]));
})();
`;

test("stock TensorFlow.js loads the folder after layers.js and answers as the engine does", async () => {
  const inputs = tf.input({ shape: [16, 20, 1] });
  const layers = [
    new Conv2d({ filters: 8, kernelSize: [3, 3], padding: [1, 1], name: "conv" }),
    new BatchNorm2d({ name: "norm" }),
    new Relu({ name: "relu" }),
    new MaxPool2d({ size: [2, 2], name: "pool" }),
    new Conv2d({ filters: 8, kernelSize: [3, 3], groups: 8, name: "depthwise" }),
    new Csra({ classes: 3, heads: 2, name: "head" }),
  ];
  const outputs = layers.reduce((x, layer) => layer.apply(x) as TensorFlow.SymbolicTensor, inputs);
  const model = tf.model({ inputs, outputs });
  model.setWeights(model.getWeights().map((w, i) => tf.add(tf.mul(tf.randomUniform(w.shape, 0, 1, "float32", i + 1), 0.5), 0.1))); // biome-ignore format: one line
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "auscult-tfjs-")), "tfjs");
  await writeTfjs(model, folder);
  const ended = spawnSync(process.execPath, ["-e", PROGRAM, folder, "[2,16,20,1]"], {
    cwd: projectRoot(),
    encoding: "utf8",
  });
  expect(ended.status, ended.stderr).toBe(0);
  const theirs = JSON.parse(ended.stdout.trim().split("\n").at(-1)!) as number[];
  const values = Float32Array.from({ length: 2 * 16 * 20 }, (_, i) => Math.sin(i));
  const ours = (model.predict(tf.tensor(values, [2, 16, 20, 1])) as TensorFlow.Tensor).dataSync();
  expect(theirs).toHaveLength(6);
  for (const [i, value] of ours.entries()) expect(theirs[i]).toBeCloseTo(value, 5);
  expect(Math.max(...ours) - Math.min(...ours)).toBeGreaterThan(1e-3);
}, 60_000);
