import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { inputDigest } from "../../src/inference/description.js";
import { load } from "../../src/inference/load.js";
import type { Manifest } from "../../src/inference/manifest.js";
import { givenFolder } from "../../src/inference/modelFolder.js";
import { sha256 } from "../../src/inference/sha256.js";
import { modelFolderOnDisk } from "../../src/node/modelFolderOnDisk.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { TEST_PATH_RECIPES, testPathOf } from "../../src/papers/testPaths.js";
import { type MadeModel, madeClip, madeModel } from "./madeModel.js";
import { nodeRuntime } from "./nodeModel.js";

/** A change of what is in the folder, and what is said of it. */
type Wrong = [what: string, change: (made: MadeModel) => void | Promise<void>, message: string | RegExp];

const edit = (change: (manifest: Record<string, unknown>) => void) => (made: MadeModel) =>
  change(made.manifest as unknown as Record<string, unknown>);

// biome-ignore format: one line each
const WRONG: Wrong[] = [
  ["no network", ({ files }) => files.clear(), /^made: onnx\/model\.onnx is missing; export the run again/],
  [
    "one byte turned over",
    ({ files }) => {
      files.get("onnx/model.onnx")![500]! ^= 1;
    },
    "onnx/model.onnx is not as it was exported (its SHA-256 is another)",
  ],
  [
    "a network that was cut short",
    ({ files }) => files.set("onnx/model.onnx", files.get("onnx/model.onnx")!.slice(0, 100)),
    /has 100 bytes where \d+ were exported/,
  ],
  ["another format", edit((manifest) => { manifest.format = 2; }), "manifest.json has format 2, and this version reads 1; export the run again, or use the version that wrote it (0.1.0)"],
  ["no format", edit((manifest) => { delete manifest.format; }), "says no format"],
  ["no labels", edit((manifest) => { manifest.labels = []; delete manifest.task; }), "manifest.json: task, labels missing or wrong"],
  ["a temperature of 0", edit((manifest) => { manifest.calibration = { temperature: 0 }; }), "calibration missing or wrong"],
  ["a look without a form", edit((manifest) => { manifest.seen = { kind: "grad-cam++", rows: 0, frames: 8, outputs: 2, precisions: ["float32"] }; }), "seen missing or wrong"],
  ["a look of no kind", edit((manifest) => { manifest.seen = { rows: 4, frames: 8, outputs: 2, precisions: ["float32"] }; }), "seen missing or wrong"],
  ["a look that is null", edit((manifest) => { manifest.seen = null; }), "seen missing or wrong"],
  ["a file outside", edit((manifest) => { manifest.files = [{ path: "../model.onnx", sha256: "0" }]; }), "files missing or wrong"],
  ["other inputs", ({ manifest }) => { (manifest.input as { digest: string }).digest = "0".repeat(32); }, "trained on inputs that this version of supcon-sprs computes otherwise"],
  ["an unknown recipe", ({ manifest }) => { (manifest.input as { recipe: string }).recipe = "wav2vec"; }, 'unknown recipe "wav2vec"'],
  ["one label more", edit((manifest) => { manifest.labels = ["a", "b", "c"]; }), "the network gives 2 outputs for 3 names (a, b, c)"],
  ["another shape", ({ manifest }) => { (manifest.input as { shape: readonly number[] }).shape = [64, 188, 1]; }, "onnx/model.onnx does not fit its manifest"],
  [
    "a network that is none, with its digest",
    async ({ files, manifest }) => {
      const text = new TextEncoder().encode("no network");
      files.set("onnx/model.onnx", text);
      Object.assign(manifest.files[0]!, { bytes: text.length, sha256: await sha256(text) });
    },
    "onnxruntime-node, 1 thread cannot open onnx/model.onnx",
  ],
];

describe("a folder", () => {
  test.each(WRONG)("with %s is refused", async (_, change, message) => {
    const made = await madeModel();
    await change(made);
    const refused = load(made.folder, { runtime: await nodeRuntime() });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: "UserError" });
  });

  test("without a manifest, or with one that is no JSON, and a precision that is not there", async () => {
    const runtime = await nodeRuntime();
    const folder = (text?: string) => givenFolder("dropped", new Map(text === undefined ? [] : [["manifest.json", new Blob([text])]])); // biome-ignore format: one line
    await expect(load(folder(), { runtime })).rejects.toThrow("dropped holds no exported model: there is no manifest.json"); // biome-ignore format: one line
    await expect(load(folder("{"), { runtime })).rejects.toThrow("dropped: manifest.json cannot be read as JSON");
    await expect(load(folder("null"), { runtime })).rejects.toThrow("says no format");
    const { folder: made } = await madeModel();
    await expect(load(made, { runtime, precision: "int8" })).rejects.toThrow("made has no ONNX network in int8; there is float32"); // biome-ignore format: one line
  });

  test("on disk and of dropped files gives the same model", async () => {
    const { manifest, files } = await madeModel();
    const place = mkdtempSync(path.join(tmpdir(), "auscult-inference-"));
    const text = JSON.stringify(manifest satisfies Manifest);
    mkdirSync(path.join(place, "onnx"));
    writeFileSync(path.join(place, "manifest.json"), text);
    writeFileSync(path.join(place, "onnx", "model.onnx"), files.get("onnx/model.onnx")!);
    const blobs = [...files].map(([name, bytes]) => [name, new Blob([bytes as Uint8Array<ArrayBuffer>])] as const);
    const runtime = await nodeRuntime();
    const answers = [];
    for (const folder of [
      modelFolderOnDisk(place),
      givenFolder("dropped", new Map([["manifest.json", new Blob([text])], ...blobs])),
    ]) {
      // biome-ignore format: one line
      const model = await load(folder, { runtime });
      answers.push((await model.classify(madeClip(1), 8000)).maps[0]!.logits);
      await model.close();
    }
    expect(answers[0]).toEqual(answers[1]);
    rmSync(place, { recursive: true });
    await expect(load(modelFolderOnDisk(place), { runtime })).rejects.toThrow("holds no exported model");
  });
});

test("digests of inputs are those that runs save beside their models", async () => {
  for (const recipe of TEST_PATH_RECIPES) {
    const own = testPathOf(recipe);
    const { digest } = preprocessingOf(own, { inputShape: [], task: "", labels: [] });
    expect(await inputDigest(own), recipe).toBe(digest);
  }
});
