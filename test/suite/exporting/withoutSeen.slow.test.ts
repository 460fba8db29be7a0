import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { Manifest } from "../../../src/inference/manifest.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { onnxRuntimeNode } from "../../../src/node/onnxRuntimeNode.js";
import { projectRoot } from "../../../src/node/paths.js";
import { exportRun } from "../../../src/suite/exporting/exportRun.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { TINY_INPUT, TINY_LABELS, tinyRun } from "./tinyRun.js";

// Formats whose maps are the training network's cannot be made to differ: the comparison says that they do.
vi.mock("../../../src/suite/exporting/seenAgreement.js", async (original) => ({
  ...(await original<object>()),
  seenAgreement: () => ({ maps: 24, unsteady: 0, seen: { onnx: 0.25, savedmodel: 1e-6 }, int8: 0 }),
}));

const python = process.env.AUSCULT_EXPORT_PYTHON ?? path.join(projectRoot(), ".venv-export", "bin", "python");
afterEach(() => vi.unstubAllEnvs());

test.skipIf(!existsSync(python))(
  "formats that show other places go out with logits only, and the card says why",
  async () => {
    vi.stubEnv("AUSCULT_EXPORT_PYTHON", python);
    const inputs = tf.input({ shape: [...TINY_INPUT] });
    const layers = [
      new Conv2d({ filters: 16, kernelSize: [7, 7], stride: [8, 16], name: "conv" }),
      new FrequencyTimePool({ name: "pooled" }),
      new Linear({ units: TINY_LABELS.length, name: "head" }),
    ];
    const outputs = layers.reduce<TensorFlow.SymbolicTensor>((x, layer) => layer.apply(x) as typeof x, inputs);
    vi.stubEnv("AUSCULT_MLRUNS", tinyRun(tf.model({ inputs, outputs })));
    const folder = path.join(mkdtempSync(path.join(tmpdir(), "auscult-export-")), "out");
    const done = await exportRun({ run: "tiny", folder, dataDir: path.dirname(folder) });
    expect(done.agreement).not.toHaveProperty("seen");
    expect(readdirSync(folder).sort()).toEqual(
      ["card.md", "manifest.json", "model-int8.onnx", "model.onnx", "savedmodel", "tfjs", "weights.safetensors"], // biome-ignore format: one line
    );
    const card = readFileSync(path.join(folder, "card.md"), "utf8");
    expect(card).toContain("The formats give logits only: formats showed other places than the training network (a difference of 2.5e-1)."); // biome-ignore format: one line
    const manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as Manifest;
    expect(manifest).not.toHaveProperty("seen");
    const { ort } = await onnxRuntimeNode(1);
    for (const name of ["model.onnx", "model-int8.onnx"]) {
      const session = await ort.InferenceSession.create(readFileSync(path.join(folder, name)));
      expect(session.outputNames).toEqual(["logits"]);
    }
  },
  300_000,
);
