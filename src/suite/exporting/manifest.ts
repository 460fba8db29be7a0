import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  MANIFEST_FILE,
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestFile,
  type SeenOutput,
} from "../../inference/manifest.js";
import { projectRoot } from "../../node/paths.js";
import type { Preprocessing } from "../../papers/preprocessing.js";
import type { RunRecord } from "../runRecord.js";
import type { Agreement } from "./agreement.js";
import type { Look } from "./look.js";
import type { Seen } from "./seenAgreement.js";

export interface ManifestOptions {
  record: RunRecord;
  preprocessing: Preprocessing;
  outputs: Manifest["outputs"];
  agreement: Agreement;
  seen: Seen;
  /** With all its files but the manifest. */
  folder: string;
}

/** What `manifest.json` says of an exported folder. */
export function manifestOf({ record, preprocessing, outputs, agreement, seen, folder }: ManifestOptions): Manifest {
  const { runId, request, signature, codeRevision, result } = record;
  const { task, labels, inputShape, sampleRateHz, recipe, parameters, digest } = preprocessing;
  const { items, sameLabel, score } = agreement.int8;
  return {
    format: MANIFEST_FORMAT,
    version: projectVersion(),
    run: { id: runId, experiment: request.experiment, row: request.row, signature, codeRevision },
    ...{ task, labels, outputs },
    input: { shape: inputShape, sampleRateHz, recipe, ...(parameters !== undefined && { parameters }), digest },
    ...(seen.look && { seen: seenOutputOf(seen.look, preprocessing) }),
    calibration: calibrationOf(result.calibration),
    card: {
      data: record.data.description,
      madeUp: record.data.madeUp,
      protocol: request.protocol,
      ...(record.reduced !== undefined && { reduced: record.reduced }),
      leaks: record.split.leaks ?? [],
      scores: scoresOf(result.tests),
    },
    agreement: {
      inputs: agreement.inputs,
      logits: agreement.logits,
      int8: { items, sameLabel, ...(score && { score }) },
      ...(agreement.seen && { seen: agreement.seen }),
    },
    files: filesOf(folder),
  };
}

/** The front end whose maps are pictures, with the highest band in their first row. */
const PICTURES = "mel-image";

function seenOutputOf({ about }: Look, { frontEnd }: Preprocessing): SeenOutput {
  return { ...about, ...(frontEnd.name === PICTURES && { upsideDown: true }), precisions: ["float32", "int8"] };
}

function projectVersion(): string {
  return (JSON.parse(readFileSync(path.join(projectRoot(), "package.json"), "utf8")) as { version: string }).version;
}

function calibrationOf(calibration: RunRecord["result"]["calibration"]): Manifest["calibration"] {
  if (!calibration) return null;
  const { temperature, select } = calibration;
  return { temperature, errorBefore: select.before.ece, errorAfter: select.after.ece, role: "select" };
}

/** Where a set lacks what a score needs, JSON has null. */
function scoresOf(tests: RunRecord["result"]["tests"]): Manifest["card"]["scores"] {
  const entries = Object.entries(tests).map(([name, { scores, intervals, auc }]) => {
    const { score, se, sp } = scores;
    const { low = Number.NaN, high = Number.NaN } = intervals?.score ?? {};
    return [name, { score, low, high, se, sp, auc }] as const;
  });
  return Object.fromEntries(entries);
}

/** Every file of a folder but the manifest, with its digest, by path. */
export function filesOf(folder: string): ManifestFile[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((name) => name !== MANIFEST_FILE);
  return names.sort().map((name) => {
    const content = readFileSync(path.join(folder, name));
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { path: name, bytes: content.byteLength, sha256, ...kindOf(name) };
  });
}

function kindOf(name: string): Pick<ManifestFile, "format" | "precision"> {
  if (name.endsWith(".onnx")) return { format: "onnx", precision: name === INT8_FILE ? "int8" : "float32" };
  if (name.startsWith("tfjs/")) return { format: "tfjs" };
  if (name.startsWith("savedmodel/")) return { format: "savedmodel" };
  return { format: name.endsWith(".safetensors") ? "safetensors" : "card" };
}

export const FLOAT_FILE = "model.onnx";
export const INT8_FILE = "model-int8.onnx";
