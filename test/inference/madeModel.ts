import { inputDigest } from "../../src/inference/description.js";
import type { Manifest, ManifestFile } from "../../src/inference/manifest.js";
import type { ModelFolder } from "../../src/inference/modelFolder.js";
import { sha256 } from "../../src/inference/sha256.js";
import type { TestTask } from "../../src/papers/testPathMakers.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { Streams } from "../../src/random/streams.js";
import { denseOnnx } from "./onnxFile.js";

export interface MadeModelOptions {
  recipe?: string;
  task?: string;
  labels?: readonly string[];
  shape?: readonly number[];
  outputs?: Manifest["outputs"];
  calibration?: Manifest["calibration"];
  /** Default: as many as there are labels, or findings. */
  outputCount?: number;
  seed?: number;
  /** What the manifest says of a second output, which the network then has: the input and, as a second output's, its negative. */
  seen?: Manifest["seen"];
}

/** A folder as `auscult export` writes it, in memory: one dense layer of random weights. */
export interface MadeModel {
  manifest: Manifest;
  files: Map<string, Uint8Array>;
  folder: ModelFolder;
  kernel: Float32Array;
  bias: Float32Array;
}

export async function madeModel(options: MadeModelOptions = {}): Promise<MadeModel> {
  const { recipe = "supcon-sprs", task = "sprsound/11", labels = ["Normal", "Adventitious"] } = options;
  const { shape = [64, 187, 1], outputs = { kind: "softmax" }, calibration = null, seed = 5, seen } = options;
  const count = options.outputCount ?? (outputs.kind === "softmax" ? labels : outputs.findings).length;
  const rng = new Streams(seed).stream("weights");
  const size = shape.reduce((a, b) => a * b);
  const kernel = Float32Array.from({ length: size * count }, () => rng.normal() / Math.sqrt(size));
  const bias = Float32Array.from({ length: count }, () => 0.1 * rng.normal());
  const onnx = denseOnnx(kernel, bias, shape, seen !== undefined);
  const path = testPathOf(recipe, task.slice(task.indexOf("/") + 1) as TestTask);
  const file: ManifestFile = { path: "onnx/model.onnx", bytes: onnx.length, sha256: await sha256(onnx), format: "onnx", precision: "float32" }; // biome-ignore format: one line
  const manifest: Manifest = {
    ...{ format: 1, version: "0.1.0", task, labels, outputs, calibration, ...(seen && { seen }) },
    run: { id: "made-up", experiment: "made-up", row: "dense", signature: "0", codeRevision: "none" },
    input: { shape, sampleRateHz: path.frontEnd.sampleRateHz, recipe, digest: await inputDigest(path) },
    card: { data: "none", madeUp: true, protocol: "none", leaks: [], scores: {} },
    files: [file],
  };
  const files = new Map<string, Uint8Array>([[file.path, onnx]]);
  const folder: ModelFolder = {
    name: "made",
    read: async (place) =>
      place === "manifest.json" ? new TextEncoder().encode(JSON.stringify(manifest)) : files.get(place),
  };
  return { manifest, files, folder, kernel, bias };
}

/** The dense layer by its formula, in float64. */
export function denseLogits({ kernel, bias }: Pick<MadeModel, "kernel" | "bias">, map: ArrayLike<number>): number[] {
  return Array.from(bias, (start, output) => {
    let sum = start;
    for (let i = 0; i < map.length; i++) sum += map[i]! * kernel[i * bias.length + output]!;
    return sum;
  });
}

/** Noise through a resonance that differs from clip to clip. */
export function madeClip(index: number, seconds = 1.3, rateHz = 8000): Float32Array {
  const rng = new Streams(7).stream("clip", index);
  let [a, b] = [0, 0];
  const turn = 2 * Math.cos(0.2 + (index % 9) * 0.3);
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, () => {
    [a, b] = [0.98 * turn * a - 0.96 * b + 0.01 * rng.normal(), a];
    return a;
  });
}
