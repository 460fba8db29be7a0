import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { gradCamPlusPlus } from "../../../src/explain/gradCam.js";
import type { Manifest } from "../../../src/inference/manifest.js";
import { AttentionPool } from "../../../src/nn/layers/attentionPool.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Gru } from "../../../src/nn/layers/gru.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { Lstm } from "../../../src/nn/layers/lstm.js";
import { MaxPool2d } from "../../../src/nn/layers/maxPool2d.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { projectRoot } from "../../../src/node/paths.js";
import { exportRun } from "../../../src/suite/exporting/exportRun.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { TINY_INPUT, TINY_LABELS, tinyRun } from "./tinyRun.js";

type Symbolic = TensorFlow.SymbolicTensor;

const python = process.env.AUSCULT_EXPORT_PYTHON ?? path.join(projectRoot(), ".venv-export", "bin", "python");

/** Reads both formats without any of our Python: logits of sines and what was looked at, for a batch of 1 and of 3. */
const PROGRAM = `
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, onnx, onnxruntime, tensorflow as tf
folder, shape = sys.argv[1], json.loads(sys.argv[2])
x = np.sin(np.arange(3 * np.prod(shape))).astype(np.float32).reshape(3, *shape)
onnx_ = onnxruntime.InferenceSession(folder + "/model.onnx")
serve = tf.saved_model.load(folder + "/savedmodel").signatures["serving_default"]
answers = {}
for count in (1, 3):
    answers[f"onnx {count}"] = onnx_.run(["logits"], {"input": x[:count]})[0].tolist()
    answers[f"savedmodel {count}"] = serve(input=tf.constant(x[:count]))["logits"].numpy().tolist()
    if len(onnx_.get_outputs()) == 1:
        continue
    answers[f"onnx seen {count}"] = onnx_.run(["seen"], {"input": x[:count]})[0].tolist()
    answers[f"savedmodel seen {count}"] = serve(input=tf.constant(x[:count]))["seen"].numpy().tolist()
# Weights as they are kept: whole numbers times one scale an output channel, beside those of float32.
model, small = onnx.load(folder + "/model.onnx"), onnx.load(folder + "/model-int8.onnx")
arrays = lambda m: {t.name: onnx.numpy_helper.to_array(t) for t in m.graph.initializer}
exact, kept = arrays(model), arrays(small)
worst = 0.0
for name in exact:
    if name + "_w" in kept:
        whole = kept[name + "_w"].astype(np.float64) - (128 if kept[name + "_w"].dtype == np.uint8 else 0)
        assert np.abs(whole).max() == 127, name
        # A kernel by its first axis, a matrix by its last, a recurrence's [directions, gates * units, in] by its first two.
        weights = exact[name].reshape(whole.shape)
        axes = {4: (1, 2, 3), 3: (1,), 2: (0,)}[exact[name].ndim]
        largest = np.abs(weights).max(axis=axes, keepdims=True)
        worst = max(worst, float((np.abs(whole * largest / 127 - weights) / largest).max()))
answers["kept"], answers["worst"] = sum(name.endswith("_w") for name in kept), worst
print(json.dumps(answers))
`;

function chain(layers: readonly TensorFlow.layers.Layer[]): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...TINY_INPUT] });
  const outputs = layers.reduce((x, layer) => layer.apply(x) as Symbolic, inputs as Symbolic);
  return tf.model({ inputs, outputs });
}

const head = () => new Linear({ units: TINY_LABELS.length, name: "head" });

/** It has neither a last map nor attention. */
const WITHOUT_LOOK = "recurrent layers, one direction and the last step of two";

const networks: Record<string, () => TensorFlow.LayersModel> = {
  "convolutions, plain, grouped and depthwise, with folded norms": () =>
    chain([
      new Conv2d({ filters: 16, kernelSize: [7, 7], stride: [4, 8], padding: [3, 3], name: "conv1" }),
      new BatchNorm2d({ name: "norm1" }),
      new Relu({ name: "relu1" }),
      new MaxPool2d({ size: [2, 2], name: "pool1" }),
      new Conv2d({ filters: 160, kernelSize: [3, 3], groups: 16, padding: [1, 1], bias: true, name: "depthwise" }),
      new Conv2d({ filters: 16, kernelSize: [3, 3], groups: 2, name: "grouped" }),
      new Conv2d({ filters: 64, kernelSize: [3, 3], paddingMode: "circular", padding: [1, 1], name: "around" }),
      new BatchNorm2d({ name: "norm2" }),
      new FrequencyTimePool({ name: "pooled" }),
      head(),
    ]),
  "recurrent layers, both directions": () =>
    chain([
      new MaxPool2d({ size: [1, 64], name: "pool" }),
      tf.layers.permute({ dims: [2, 1, 3], name: "turn" }),
      tf.layers.reshape({ targetShape: [14, 64], name: "frames" }),
      new Gru({ units: 20, bidirectional: true, name: "gru" }),
      new Lstm({ units: 18, bidirectional: true, name: "lstm" }),
      new AttentionPool({ name: "attention" }),
      head(),
    ]),
  [WITHOUT_LOOK]: () =>
    chain([
      new MaxPool2d({ size: [1, 64], name: "pool" }),
      tf.layers.permute({ dims: [2, 1, 3], name: "turn" }),
      tf.layers.reshape({ targetShape: [14, 64], name: "frames" }),
      new Lstm({ units: 18, name: "lstm" }),
      new Gru({ units: 20, bidirectional: true, steps: "last", name: "gru" }),
      head(),
    ]),
};

const sines = () => {
  const size = TINY_INPUT.reduce((a, b) => a * b);
  return tf.tensor4d(
    Float32Array.from({ length: 3 * size }, (_, i) => Math.sin(i)),
    [3, ...TINY_INPUT],
  );
};

/** What the training network looks at in the sines: by output and item. */
function looksOf(network: TensorFlow.LayersModel, kind: string): number[][][] {
  return tf.tidy(() => {
    if (kind === "attention") {
      const pool = network.getLayer("attention") as AttentionPool;
      const before = tf.model({ inputs: network.inputs, outputs: pool.input as Symbolic });
      return [pool.attention(before.predict(sines()) as TensorFlow.Tensor3D).arraySync()];
    }
    return TINY_LABELS.map((_, output) =>
      gradCamPlusPlus({
        ...{ model: network, layer: "norm2", inputs: sines(), classes: [output, output, output] },
        resolution: "layer",
      }).maps.map(({ values }) => [...values]),
    );
  });
}

beforeEach(() => vi.stubEnv("AUSCULT_EXPORT_PYTHON", python));
afterEach(() => vi.unstubAllEnvs());

const beside = () => path.join(mkdtempSync(path.join(tmpdir(), "auscult-export-")), "out");

describe.skipIf(!existsSync(python))("with the converters", () => {
  test.each(Object.keys(networks))(
    "%s: every format answers as the training graph, whatever the batch",
    async (kind) => {
      const network = networks[kind]!();
      vi.stubEnv("AUSCULT_MLRUNS", tinyRun(network));
      const folder = beside();
      const done = await exportRun({ run: "tiny", folder, dataDir: path.dirname(folder) });
      expect(done.agreement.inputs).toMatch(/^12 made-up sounds/);
      expect(Object.keys(done.agreement.logits).sort()).toEqual(["onnx", "onnx one by one", "savedmodel", "tfjs"]);
      expect(readdirSync(folder).sort()).toEqual(
        ["card.md", "manifest.json", "model-int8.onnx", "model.onnx", "savedmodel", "tfjs", "weights.safetensors"], // biome-ignore format: one line
      );
      expect(readdirSync(path.dirname(folder))).toEqual(["out"]);

      const manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as Manifest;
      for (const { path: name, bytes, sha256 } of manifest.files) {
        const file = path.join(folder, name);
        expect(statSync(file).size).toBe(bytes);
        expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(sha256);
      }

      const asked = spawnSync(python, ["-c", PROGRAM, folder, JSON.stringify(TINY_INPUT)], { encoding: "utf8" });
      expect(asked.status, asked.stderr).toBe(0);
      const answers = JSON.parse(asked.stdout.trim().split("\n").at(-1)!) as Record<string, number[][]>;
      const shown = answers as unknown as Record<string, number[][][][]>; // [batch, rows, frames, outputs]
      const ours = tf.tidy(() => (network.predict(sines()) as TensorFlow.Tensor).arraySync() as number[][]);
      expect(Math.max(...ours.flat()) - Math.min(...ours.flat())).toBeGreaterThan(1e-2);
      for (const format of ["onnx", "savedmodel"])
        for (const count of [1, 3])
          for (const [i, row] of answers[`${format} ${count}`]!.entries())
            for (const [k, value] of row.entries()) expect(Math.abs(value - ours[i]![k]!)).toBeLessThan(1e-4);
      // Rounding to whole numbers errs by half a step of 127.
      expect(answers.kept).toBeGreaterThan(1);
      expect(answers.worst).toBeLessThan(0.5 / 127 + 1e-6);

      expect(manifest.seen === undefined).toBe(kind === WITHOUT_LOOK);
      if (!manifest.seen) return;
      const { rows, frames, outputs, precisions, ...shows } = manifest.seen;
      expect(precisions).toEqual(["float32", "int8"]);
      expect(done.agreement.seen!.maps).toBe(8 * outputs);
      expect(Math.max(...Object.values(done.agreement.seen!.seen))).toBeLessThan(1e-3);
      const wanted = looksOf(network, shows.kind);
      expect(Math.max(...wanted.flat(2))).toBeGreaterThan(0);
      for (const format of ["onnx", "savedmodel"])
        for (const count of [1, 3])
          for (const [item, map] of shown[`${format} seen ${count}`]!.entries()) {
            expect([map.length, map[0]!.length, map[0]![0]!.length]).toEqual([rows, frames, outputs]);
            for (let output = 0; output < outputs; output++) {
              const places = map.flat().map((place) => place[output]!);
              for (const [i, value] of wanted[output]![item]!.entries())
                expect(Math.abs(value - places[i]!)).toBeLessThanOrEqual(1e-3 * Math.max(...wanted[output]![item]!));
            }
          }
    },
    300_000,
  );

  test("an operation without an ONNX form is refused by its name, and nothing stays", async () => {
    class Strange extends tf.layers.Layer {
      static readonly className = "AuscultTestStrange";
      override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
        return tf.expm1([inputs].flat()[0]!);
      }
    }
    tf.serialization.registerClass(Strange);
    const network = chain([new FrequencyTimePool({ name: "pooled" }), new Strange({ name: "strange" }), head()]);
    vi.stubEnv("AUSCULT_MLRUNS", tinyRun(network));
    const folder = beside();
    await expect(exportRun({ run: "tiny", folder, dataDir: path.dirname(folder) })).rejects.toThrow(
      /^these operations have no ONNX form: Expm1$/,
    );
    expect(readdirSync(path.dirname(folder))).toEqual([]);
  }, 300_000);

  test("stopped while Python works: the folder is not there, and nothing beside it", async () => {
    vi.stubEnv("AUSCULT_MLRUNS", tinyRun(chain([new FrequencyTimePool({ name: "pooled" }), head()]))); // biome-ignore format: one line
    const folder = beside();
    const controller = new AbortController();
    const stopped = exportRun({
      ...{ run: "tiny", folder, dataDir: path.dirname(folder), signal: controller.signal },
      onProgress: ({ detail }) => {
        if (detail === "starting TensorFlow for Python") controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/stopped; the folder was not made/);
    expect(readdirSync(path.dirname(folder))).toEqual([]);
  }, 300_000);
});
