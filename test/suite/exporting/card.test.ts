import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { Preprocessing } from "../../../src/papers/preprocessing.js";
import type { Agreement } from "../../../src/suite/exporting/agreement.js";
import { modelCard } from "../../../src/suite/exporting/card.js";
import type { Look } from "../../../src/suite/exporting/look.js";
import { filesOf, manifestOf } from "../../../src/suite/exporting/manifest.js";
import { madeUpRecord } from "../madeUpRecord.js";

const agreement: Agreement = {
  ...{ inputs: "3 made-up sounds", maps: 3, logits: { onnx: 2e-6, savedmodel: 1e-7 } },
  int8: { logits: 0.02, items: 3, sameLabel: 2 / 3, size: 0.251, score: { float32: 0.5, int8: 0.25 } },
};
const seen = { none: "it has no map" } as const;
const input = { recipe: "supcon-sprs", shape: [64, 187, 1], sampleRateHz: 8000 };
const about = { task: "sprsound/11", labels: ["Normal", "Adventitious"], outputs: { kind: "softmax" } as const };

test("a card says what the model must not be used for, what it was trained on, its interval and its limits", () => {
  const card = modelCard({ record: madeUpRecord(), ...about, input, agreement, seen });
  for (const part of [
    "Not a medical device",
    "SPRSound: 6,656 training events",
    "protocol `honest`",
    "| inter | 0.700 | 0.680 to 0.720 | 0.800 | 0.600 | 0.750 | 15 |",
    "has no calibration",
    "## Limits",
    "same label for 66.7 % of 3 items",
    "Score of these items 0.500 in float32, 0.250 in int8",
    "The formats give logits only: it has no map.",
    "--protocol honest",
  ])
    expect(card).toContain(part);
  expect(card).not.toContain("made-up sounds: no number");
  expect(card).not.toContain("opened once more");
});

test("made-up sounds, a reduced budget, leaks, other inputs and a test set that was opened are said", () => {
  const record = madeUpRecord({
    data: { madeUp: true },
    reduced: "reduced budget: 4 epochs",
    split: { leaks: ["3 patients of test are in train."] },
  });
  const card = modelCard({
    ...{ record, ...about, input, agreement, seen },
    evaluatedOtherwise: { cut: "cycles from the band-limited recording" },
    opened: { set: "icbhi/official", count: 2756 },
  });
  for (const part of [
    "**Trained on made-up sounds: no number here says anything about patients.**",
    "**Reduced budget: 4 epochs.**",
    "**Leaking split: 3 patients of test are in train.**",
    "made otherwise (cut: cycles from the band-limited recording)",
    "The test set icbhi/official (2756 items) was opened once more",
  ])
    expect(card).toContain(part);
});

test("what the network looks at: which, how large, how far formats agree; of pictures that the highest band is first", () => {
  const shows = { maps: 30, unsteady: 2, seen: { onnx: 2e-6, savedmodel: 1e-6 }, int8: 0.0123 };
  const look = { about: { kind: "grad-cam++", rows: 2, frames: 7, outputs: 4 } } as Look;
  const both = { seen: { look, agreement: shows }, agreement: { ...agreement, seen: shows } };
  const card = modelCard({ record: madeUpRecord(), ...about, input, ...both });
  for (const part of [
    "Grad-CAM++ of the network's last map, from 0 to 1 for each output, `[batch, rows, frames, outputs]`, 2 x 7",
    "Of 30 maps the greatest difference",
    "onnx 2.0e-6, savedmodel 1.0e-6; int8 0.012 in the mean. 2 more were not compared",
  ])
    expect(card).toContain(part);
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-manifest-"));
  const seenOf = (frontEnd: string) =>
    manifestOf({ record: madeUpRecord(), preprocessing: made(frontEnd), outputs: about.outputs, ...both, folder });
  const wanted = { kind: "grad-cam++", rows: 2, frames: 7, outputs: 4, precisions: ["float32", "int8"] };
  expect(seenOf("mfcc").seen).toEqual(wanted);
  expect(seenOf("mel-image").seen).toEqual({ ...wanted, upsideDown: true });
  expect(seenOf("mfcc").agreement!.seen).toEqual(shows);
});

const made = (frontEnd: string): Preprocessing => ({
  ...{ format: 1, recipe: "supcon-sprs", digest: "0f", sampleRateHz: 8000, resampler: "r", alignment: {} },
  frontEnd: { name: frontEnd, options: {}, rows: 64, channels: 1, digest: "1f" },
  ...{ inputShape: [64, 187, 1], task: "sprsound/11", labels: ["Normal", "Adventitious"] },
});

test("the manifest lists every file but itself with size, kind and SHA-256, and the run's numbers", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-manifest-"));
  mkdirSync(path.join(folder, "tfjs"));
  const names = ["model.onnx", "model-int8.onnx", "tfjs/model.json", "weights.safetensors", "card.md", "manifest.json"];
  for (const name of names) writeFileSync(path.join(folder, name), name === "model.onnx" ? "abc" : "");
  // printf '' | sha256sum; printf abc | sha256sum (also the examples of FIPS 180-2)
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(filesOf(folder)).toEqual([
    { path: "card.md", bytes: 0, sha256: empty, format: "card" },
    { path: "model-int8.onnx", bytes: 0, sha256: empty, format: "onnx", precision: "int8" },
    { path: "model.onnx", bytes: 3, sha256: abc, format: "onnx", precision: "float32" },
    { path: "tfjs/model.json", bytes: 0, sha256: empty, format: "tfjs" },
    { path: "weights.safetensors", bytes: 0, sha256: empty, format: "safetensors" },
  ]);
  const preprocessing = made("mfcc");
  const record = madeUpRecord();
  const manifest = manifestOf({ record, preprocessing, outputs: { kind: "softmax" }, agreement, seen, folder });
  expect(manifest).toMatchObject({
    ...{ format: 1, task: "sprsound/11", calibration: null, files: filesOf(folder) },
    run: { id: "run", experiment: "supcon-sprs/table3", row: "ResNet 18", codeRevision: "0000000" },
    input: { shape: [64, 187, 1], sampleRateHz: 8000, recipe: "supcon-sprs", digest: "0f" },
    agreement: { inputs: "3 made-up sounds", int8: { items: 3, score: { float32: 0.5, int8: 0.25 } } },
  });
  const interval = { low: expect.closeTo(0.68, 9), high: expect.closeTo(0.72, 9) };
  expect(manifest.card.scores.inter).toEqual({ score: 0.7, ...interval, se: 0.8, sp: 0.6, auc: 0.75 });
  const { before, after } = { before: { ece: 0.2 }, after: { ece: 0.1 } };
  const calibration = { temperature: 1.5, select: { before, after }, tests: {} } as never;
  const calibrated = { ...record, result: { ...record.result, calibration } };
  expect(
    manifestOf({ record: calibrated, preprocessing, outputs: about.outputs, agreement, seen, folder }).calibration,
  ).toEqual({ temperature: 1.5, errorBefore: 0.2, errorAfter: 0.1, role: "select" });
});
