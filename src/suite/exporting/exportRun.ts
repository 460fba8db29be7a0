import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { MANIFEST_FILE, type Manifest } from "../../inference/manifest.js";
import { withPortableOps } from "../../nn/ops/path.js";
import { decodeSafetensors } from "../../nn/weights/safetensors.js";
import { writeFileSynced } from "../../node/atomicFile.js";
import { writeFolderAtomic } from "../../node/atomicFolder.js";
import { dataFolder } from "../../node/paths.js";
import { type LoadedModel, loadModel } from "../../papers/loadModel.js";
import { Interrupted } from "../../training/interrupted.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { UserError } from "../../userError.js";
import { modelOfRun } from "../predicting/modelOfRun.js";
import { finishedRecord } from "../runRecord.js";
import { type Agreement, GREATEST_DIFFERENCE, scoreOf } from "./agreement.js";
import { modelCard } from "./card.js";
import { labelsOf } from "./decisions.js";
import { answersAtOnce, answersOf, type ExportedNetwork, exportedNetwork, graphOf, joined } from "./exportedNetwork.js";
import { exportPython, type PythonDone, runExportModel } from "./exportPython.js";
import { writeWorkFiles } from "./graphFiles.js";
import { greatestDifference } from "./greatestDifference.js";
import { type Look, lookOf } from "./look.js";
import { FLOAT_FILE, INT8_FILE, manifestOf } from "./manifest.js";
import { GREATEST_SEEN_DIFFERENCE, type Seen, seenAgreement } from "./seenAgreement.js";
import { type TestInputs, testInputs } from "./testInputs.js";
import { readTfjs, writeTfjs } from "./tfjsFormat.js";

export interface ExportOptions {
  /** A finished run's name, or as much of it as no other has. */
  run: string;
  /** The folder that is made; one that is there must be empty. */
  folder: string;
  /** The folder that holds the data sets; see `dataFolder`. */
  dataDir?: string;
  /** Clips of the test set that all formats are asked for, at most; default 200. */
  items?: number;
  signal?: AbortSignal;
  onProgress?(report: ProgressReport): void;
  say?(message: string): void;
}

/** What `exportRun` wrote. */
export interface ExportedRun {
  folder: string;
  run: string;
  task: string;
  files: Manifest["files"];
  /** Bytes of each format; of ONNX of each precision. */
  sizes: Readonly<Record<string, number>>;
  agreement: Agreement;
  /** What converted it. */
  converters: PythonDone;
  seconds: number;
}

const DEFAULT_ITEMS = 200;
/** Maps that the pure layers format is asked for: it runs eagerly. */
const TFJS_MAPS = 4;

/**
 * Writes a run's model for other programs: ONNX in float32 and int8, SavedModel, TensorFlow.js, safetensors, a manifest and a model card. The
 * folder is written beside its place and is there whole or not at all.
 *
 * @throws UserError for a run without a model, a folder that is not empty, a network that cannot be converted, and for a format whose logits
 * differ from the training graph's by more than 1e-4
 * @throws Interrupted when `signal` aborts; nothing stays
 */
export async function exportRun(options: ExportOptions): Promise<ExportedRun> {
  const { run, folder, signal, say = () => {} } = options;
  const began = performance.now();

  // ---- at the door ----------------------------------------------------------------------------------
  requireEmpty(folder);
  const modelFolder = modelOfRun(run);
  const record = finishedRecord(path.dirname(modelFolder));
  if (!record)
    throw new UserError(`${path.dirname(modelFolder)}: the run is not done; a run can be exported when it is`);
  const progress = steps(options, signal);
  const python = await exportPython({ ...(signal && { signal }), say });

  // ---- the model, and what it is asked ----------------------------------------------------------------
  progress("loading the model");
  const model = await loadModel(modelFolder);
  try {
    const { preprocessing } = model;
    const { task, labels, inputShape } = preprocessing;
    const inputs = await testInputs({
      ...{ record, task, testPath: model.path, limit: options.items ?? DEFAULT_ITEMS },
      ...{ dataDir: dataFolder(options.dataDir), ...(signal && { signal }) },
      onClip: (done, of) => progress("computing inputs", `${done} of ${of}`, done / of),
    });
    const exported = exportedNetwork(model.network, labels);
    const { length } = inputs.maps;
    const ours = await answersOf(exported.network, inputs.maps, inputShape, (done) =>
      progress("asking the training graph", `${done} of ${length} inputs`, done / length),
    );
    const found = lookOf(exported.network);
    let seen: Seen = "none" in found ? { none: found.none } : { look: found };

    // ---- the folder -----------------------------------------------------------------------------------
    let result: Omit<ExportedRun, "seconds"> | undefined;
    const write = async (beside: string) => {
      const convert = async (look?: Look) => {
        progress("tracing the network");
        const graph = traced(exported, inputShape, look);
        const work = path.join(beside, ".work");
        mkdirSync(work);
        writeWorkFiles(work, { graph, inputs: joined(inputs.maps), count: inputs.maps.length });
        const converters = await runExportModel(python, {
          ...{ work, out: beside, ...(signal && { signal }) },
          onPhase: ({ phase, done, of }) =>
            of === undefined ? progress(phase) : progress(phase, `${done} of ${of} inputs`, done! / of),
        });
        const answers = decodeSafetensors(readFileSync(path.join(work, "answers.safetensors")));
        rmSync(work, { recursive: true });
        return { converters, float: (name: string) => answers.get(name)!.values as Float32Array };
      };
      let { converters, float } = await convert(seen.look);
      if (seen.look) {
        progress("comparing what was looked at");
        seen = checked(seen.look, { network: exported.network, inputs, inputShape, float });
        if (!seen.look) {
          for (const name of ["savedmodel", FLOAT_FILE, INT8_FILE])
            rmSync(path.join(beside, name), { recursive: true });
          ({ converters, float } = await convert());
        }
      }
      progress("writing for TensorFlow.js");
      await writeTfjs(exported.network, path.join(beside, "tfjs"));
      const tfjs = await tfjsAnswers(path.join(beside, "tfjs"), inputs, inputShape);
      copyFileSync(path.join(modelFolder, "weights.safetensors"), path.join(beside, "weights.safetensors"));
      const agreement = agreementOf({
        ...{ model, exported, inputs, ours, int8: float("int8.logits"), seen },
        formats: { ...formatsOf(float, "logits"), tfjs },
        size: statSync(path.join(beside, INT8_FILE)).size / statSync(path.join(beside, FLOAT_FILE)).size,
      });
      requireAgreement(agreement);
      progress("writing the card and digests");
      const { evaluatedOtherwise } = preprocessing;
      const card = modelCard({
        ...{ record, task, labels, outputs: exported.outputs, agreement, seen },
        input: { recipe: preprocessing.recipe, shape: inputShape, sampleRateHz: preprocessing.sampleRateHz },
        ...(evaluatedOtherwise && { evaluatedOtherwise }),
        ...(inputs.opened && { opened: inputs.opened }),
      });
      writeFileSynced(path.join(beside, "card.md"), card);
      const { outputs } = exported;
      const manifest = manifestOf({ record, preprocessing, outputs, agreement, seen, folder: beside });
      writeFileSynced(path.join(beside, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
      if (signal?.aborted) throw stopped();
      const { files } = manifest;
      result = { folder, run: record.runId, task, files, sizes: sizesOf(files), agreement, converters };
    };
    await writeFolderAtomic(path.resolve(folder), write, (there) => readdirSync(there).length > 0);
    return { ...result!, seconds: (performance.now() - began) / 1000 };
  } finally {
    model.dispose();
  }
}

/** @throws UserError for a file, and for a folder that holds anything */
function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new UserError(`${folder} is a file; name a folder that is to be made`);
  if (readdirSync(folder).length > 0)
    throw new UserError(`${folder} is not empty; name a folder that is to be made, or empty it first`);
}

function traced({ network }: ExportedNetwork, inputShape: readonly number[], look?: Look) {
  try {
    return graphOf(network, inputShape, look);
  } catch (error) {
    throw new UserError(`the network has no graph that could be exported: ${(error as Error).message}`, 1);
  }
}

/** What float32 formats answered. */
function formatsOf(float: (name: string) => Float32Array, output: string): Record<string, Float32Array> {
  const names = { savedmodel: "savedmodel", onnx: "onnx", "onnx one by one": "onnxAlone" };
  return Object.fromEntries(Object.entries(names).map(([name, format]) => [name, float(`${format}.${output}`)]));
}

/** Items that are asked what was looked at. */
const SEEN_ITEMS = 8;

/** What formats show, held against the training network; without a look where they show something else. */
function checked(
  look: Look,
  {
    network,
    inputs,
    inputShape,
    float,
  }: Pick<ExportedNetwork, "network"> & {
    inputs: TestInputs;
    inputShape: readonly number[];
    float(name: string): Float32Array;
  },
): Seen {
  const items = inputs.maps.slice(0, SEEN_ITEMS);
  const formats = { ...formatsOf(float, "seen"), int8: float("int8.seen") };
  const agreement = seenAgreement(network, look, items, inputShape, formats);
  if (agreement.maps === 0) return { none: "of the inputs none has a map that is more than rounding" };
  const worst = Math.max(...Object.values(agreement.seen));
  if (worst <= GREATEST_SEEN_DIFFERENCE) return { look, agreement };
  return { none: `formats showed other places than the training network (a difference of ${worst.toExponential(1)})` };
}

/** On the native backend, but with every layer on its portable path: the plain backend takes minutes for a large network. */
async function tfjsAnswers(folder: string, { maps }: TestInputs, shape: readonly number[]): Promise<Float32Array> {
  const network = await readTfjs(folder);
  try {
    return withPortableOps(() => answersAtOnce(network, maps.slice(0, TFJS_MAPS), shape));
  } finally {
    network.dispose();
  }
}

interface Asked {
  model: LoadedModel;
  exported: ExportedNetwork;
  inputs: TestInputs;
  /** The training graph's logits, `[maps, outputs]`. */
  ours: Float32Array;
  int8: Float32Array;
  seen: Seen;
  /** Logits of other formats, of the first maps at least. */
  formats: Readonly<Record<string, Float32Array>>;
  size: number;
}

function agreementOf({ model, exported, inputs, ours, int8, seen, formats, size }: Asked): Agreement {
  const { task, labels } = model.preprocessing;
  const float32Labels = labelsOf(ours, { exported, items: inputs.items, labelOf: model.labelOf });
  const int8Labels = labelsOf(int8, { exported, items: inputs.items, labelOf: model.labelOf });
  const same = float32Labels.filter((label, i) => label === int8Labels[i]).length;
  const truths = inputs.items.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const score = (decisions: readonly number[]) => scoreOf(task, labels, truths, decisions);
  const known = truths.length > 0 && truths.length === inputs.items.length;
  return {
    inputs: inputs.what,
    maps: inputs.maps.length,
    logits: Object.fromEntries(
      Object.entries(formats).map(([name, answers]) => [name, greatestDifference(answers, ours)]),
    ),
    int8: {
      ...{ logits: greatestDifference(int8, ours), items: inputs.items.length, size },
      sameLabel: same / inputs.items.length,
      ...(known && { score: { float32: score(float32Labels), int8: score(int8Labels) } }),
    },
    ...(seen.agreement && { seen: seen.agreement }),
  };
}

function requireAgreement({ logits }: Agreement): void {
  const wrong = Object.entries(logits).filter(([, difference]) => !(difference <= GREATEST_DIFFERENCE));
  if (wrong.length === 0) return;
  const words = wrong.map(([format, difference]) => `${format} by ${difference.toExponential(1)}`);
  throw new UserError(
    `logits differ from the training graph's: ${words.join(", ")}; at most ${GREATEST_DIFFERENCE} is let out, so nothing was written`,
    1,
  );
}

function sizesOf(files: Manifest["files"]): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { format, precision, bytes } of files) {
    const name = precision ? `${format} ${precision}` : format;
    sizes[name] = (sizes[name] ?? 0) + bytes;
  }
  return sizes;
}

const PHASES = 15;

/** Counts phases, since none can tell how long the next will take. */
function steps({ onProgress }: ExportOptions, signal: AbortSignal | undefined) {
  let phases = 0;
  let last = "";
  return (phase: string, detail = "", share = 0) => {
    if (signal?.aborted) throw stopped();
    if (phase !== last) phases++;
    last = phase;
    const fraction = Math.min(1, (phases - 1 + share) / PHASES);
    onProgress?.({ phase: "export", fraction, detail: detail === "" ? phase : `${phase}, ${detail}` });
  };
}

function stopped(): Interrupted {
  return new Interrupted("stopped; the folder was not made");
}
