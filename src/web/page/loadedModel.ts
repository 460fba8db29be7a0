import * as ort from "onnxruntime-web/wasm";
import type { Classifier } from "../../inference/answer.js";
import { describe, type Precision } from "../../inference/description.js";
import { load } from "../../inference/load.js";
import { MANIFEST_FILE, type Manifest } from "../../inference/manifest.js";
import type { InferenceModel } from "../../inference/model.js";
import type { ModelFolder } from "../../inference/modelFolder.js";
import { webRuntime } from "../../inference/webRuntime.js";
import type { TestPath } from "../../papers/testPath.js";
import { cardOf, caveatsOf, ruleOf } from "../listening/card.js";
import { unitOf } from "../listening/unit.js";
import type { ListeningModel } from "./messages.js";

/** A network of the page's model; whoever asks it, one answer is made after the other, so that the times of answers are their own. */
export interface PageNetwork extends Classifier {
  outputNames: readonly string[];
  calibrated: boolean;
  /** Which part of a clip that is too long stands for it. */
  keeps: TestPath["keeps"];
  /** From a clip to the network's input, which has this shape. */
  path: TestPath;
  inputShape: readonly number[];
}

/** The page's model: its networks are loaded when they are first asked for, and kept. */
export interface PageModel {
  manifest: Manifest;
  description: ListeningModel;
  network(precision: Precision): Promise<PageNetwork>;
  /** Fetches what a later switch needs, so that it works without a network. */
  prefetch(): Promise<void>;
}

/**
 * @param base address of the page's folder
 * @param onProgress told of files as they come: the name, and a share of it
 * @throws UserError, as `load` does; Error where the server does not answer
 */
export async function loadedModel(
  base: string,
  onProgress: (what: string, fraction: number) => void,
): Promise<PageModel> {
  const threads = navigator.hardwareConcurrency >= 2 ? 2 : 1;
  const runtime = webRuntime({ wasm: `${base}runtime/ort-wasm-simd-threaded.wasm`, threads });
  // By their addresses on the page's own server: the runtime's threads load the same files.
  ort.env.wasm.wasmPaths = {
    wasm: `${base}runtime/ort-wasm-simd-threaded.wasm`,
    mjs: `${base}runtime/ort-wasm-simd-threaded.mjs`,
  };
  const folder = keepingFolder(`${base}model/`, onProgress);
  const { manifest } = await describe(folder, { precision: firstOf(await manifestOf(folder)) });
  const networks = new Map<Precision, Promise<PageNetwork>>();
  const network = (precision: Precision) => {
    const known = networks.get(precision) ?? load(folder, { runtime, precision }).then(oneAtATime);
    networks.set(precision, known);
    // One that could not be loaded may be tried again.
    known.catch(() => networks.delete(precision));
    return known;
  };
  const { inputSeconds, outputNames, calibrated } = await network(firstOf(manifest));
  const { run, task, labels, calibration, input, card, version, seen } = manifest;
  const onnx = manifest.files.filter(({ format }) => format === "onnx");
  return {
    manifest,
    network,
    description: {
      identity: {
        ...{ run: run.id, experiment: run.experiment, row: run.row, task, labels, outputs: outputNames, calibrated },
        temperature: calibrated ? (calibration?.temperature ?? null) : null,
        inputDigest: input.digest,
        ...{ data: card.data, madeUp: card.madeUp, protocol: card.protocol, version },
      },
      card: cardOf(manifest, calibrated),
      caveats: caveatsOf(manifest),
      precisions: onnx.map(({ precision = "float32", bytes }) => ({ precision, bytes })),
      rule: ruleOf(manifest),
      windowSeconds: inputSeconds,
      // A quarter of the window, about.
      hopSeconds: inputSeconds >= 12 ? 4 : inputSeconds >= 6 ? 2 : 1,
      unit: unitOf(task),
      ...(seen && { seen: { kind: seen.kind, precisions: seen.precisions } }),
      threads: ort.env.wasm.numThreads ?? 1,
    },
    prefetch: async () => {
      for (const { path } of onnx) await folder.read(path);
    },
  };
}

let turn: Promise<unknown> = Promise.resolve();

function oneAtATime(model: InferenceModel): PageNetwork {
  const { inputSeconds, outputNames, calibrated, path, manifest } = model;
  return {
    ...{ inputSeconds, outputNames, calibrated, keeps: path.keeps, path, inputShape: manifest.input.shape },
    classify(waveform, sampleRateHz, options) {
      const answer = turn.then(() => model.classify(waveform, sampleRateHz, options));
      turn = answer.catch(() => {});
      return answer;
    },
  };
}

async function manifestOf(folder: ModelFolder): Promise<Partial<Manifest>> {
  try {
    return JSON.parse(new TextDecoder().decode(await folder.read(MANIFEST_FILE))) as Partial<Manifest>;
  } catch (error) {
    if (error instanceof SyntaxError) return {}; // `describe` says what is wrong
    throw error;
  }
}

function firstOf({ files }: Partial<Manifest>): Precision {
  const there = Array.isArray(files) ? files.filter(({ format }) => format === "onnx") : [];
  return there.some(({ precision }) => precision === "float32") ? "float32" : (there[0]?.precision ?? "float32");
}

/** A folder on the page's server; what was fetched once is not asked for again. */
function keepingFolder(base: string, onProgress: (what: string, fraction: number) => void): ModelFolder {
  const kept = new Map<string, Promise<Uint8Array | undefined>>();
  return {
    name: "the page's model",
    read(path) {
      const known = kept.get(path) ?? fetched(base, path, onProgress);
      kept.set(path, known);
      known.catch(() => kept.delete(path));
      return known;
    },
  };
}

async function fetched(
  base: string,
  path: string,
  onProgress: (what: string, fraction: number) => void,
): Promise<Uint8Array | undefined> {
  const answer = await fetch(base + path).catch(() => {
    throw new Error(
      `${path} cannot be fetched: the page's server does not answer. Start it again (npx auscult listen).`,
    );
  });
  if (answer.status === 404) return undefined;
  if (!answer.ok || !answer.body) throw new Error(`${path} cannot be fetched: the server answers ${answer.status}`);
  const expected = Number(answer.headers.get("Content-Length")) || 0;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = answer.body.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(step.value);
    length += step.value.length;
    if (expected > 1e6) onProgress(path, Math.min(1, length / expected));
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
