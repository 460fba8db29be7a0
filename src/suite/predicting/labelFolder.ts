import path from "node:path";
import { quantile } from "../../evaluation/quantile.js";
import type { Precision } from "../../inference/description.js";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { Interrupted } from "../../training/interrupted.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { UserError } from "../../userError.js";
import { challengeJson, requireOutput } from "./challengeFile.js";
import { inspectClip } from "./clip.js";
import { ClipNotes, type Note } from "./clipNotes.js";
import { labelBatch, warmUp, whatIsWrong } from "./labelBatch.js";
import { requireTask } from "./modelOfRun.js";
import { modelToLabel } from "./modelToLabel.js";
import { type ClipAnswer, PartialLabels } from "./partialLabels.js";
import { listWavFolder, type WavFolder } from "./wavFolder.js";

export interface LabelFolderOptions {
  /** Folder of a saved or exported model. */
  model: string;
  /** Of an exported one; default float32. */
  precision?: Precision;
  /** Folder of WAV files. */
  wavs: string;
  /** The JSON file that is written. */
  out: string;
  /** A task of SPRSound that the model must be for, such as "21". */
  task?: string;
  /** Leave out files that cannot be classified; else one such file refuses all. */
  skipBad?: boolean;
  /** When the time of start-up began, as `performance.now()` tells it; 0 is the start of the process. Default: now. */
  startedAt?: number;
  signal?: AbortSignal;
  onProgress?(report: ProgressReport): void;
  warn?(message: string): void;
}

export interface BadFile {
  name: string;
  /** The end of a sentence that begins with the file. */
  what: string;
}

/** What `labelFolder` did. */
export interface LabelledFolder {
  out: string;
  /** Of the model, such as "sprsound/11". */
  task: string;
  /** Digest of the model. */
  model: string;
  /** Files that have a label, by label in the model's order. */
  byLabel: Record<string, number>;
  files: number;
  skipped: number;
  /** Those that were skipped. */
  bad: BadFile[];
  ignored: WavFolder["ignored"];
  /** Files whose label an interrupted command had left. */
  resumed: number;
  notes: Note[];
  /** Start of the program, the engine, the model, and one answer that is thrown away. */
  startSeconds: number;
  /** Listing the folder and looking at each file before the first is classified. */
  checkSeconds: number;
  /** Reading, features and its share of its batch in the network. */
  secondsPerFile: { mean: number; median: number; p95: number };
  /** All of it but the writing of labels: start, check and every file, of resumed files what they took then. */
  seconds: number;
}

/** Files that are read before the network is asked: what it takes at once where each gives one map. */
const FILES_AT_ONCE = 6;
const SHOWN_BAD = 5;

/**
 * Labels every WAV file of a folder and writes one JSON object, file name to label, byte for byte as the SPRSound challenge's example
 * writes it (`json.dump(..., ensure_ascii=False, indent=4)`), names sorted. What is finished stands in OUT.partial until OUT is
 * there, and a second call goes on from it. Memory grows by the names and labels alone.
 *
 * @throws UserError for a folder, model, task or output that cannot be; without `skipBad`, before anything is classified, for files that
 * cannot be classified
 * @throws Interrupted when `signal` aborts; what was done is kept
 */
export async function labelFolder(options: LabelFolderOptions): Promise<LabelledFolder> {
  const { wavs, out, task, skipBad = false, startedAt = performance.now(), signal, warn } = options;

  // ---- at the door ----------------------------------------------------------------------------------
  const found = await modelToLabel(options.model, options.precision);
  const { labels, path: testPath, digest } = found;
  if (task !== undefined) requireTask(found, task);
  await requireOutput(out);
  const begun = performance.now();
  const { names, ignored } = await listWavFolder(wavs, signal);
  const notes = new ClipNotes();
  const bad: BadFile[] = [];
  const partial = new PartialLabels(out, digest);
  if (partial.ofOthers > 0) warn?.(`${out}.partial held labels of another model; begun anew`);
  const answers = new Map<string, ClipAnswer>();
  for (const [index, name] of names.entries()) {
    if (signal?.aborted) throw new Interrupted("stopped before anything was classified");
    try {
      const clip = await inspectClip(path.join(wavs, name), testPath.keeps);
      notes.addClip(name, clip, { sampleRateHz: testPath.frontEnd.sampleRateHz, keeps: testPath.keeps });
      const before = partial.find(path.resolve(wavs, name), clip);
      if (before) answers.set(name, before);
    } catch (error) {
      // What is no UTF-8 in a name was replaced when it was read.
      const unnamed = name.includes("\ufffd") && "its name is not UTF-8, and JSON could not hold it";
      bad.push({ name, what: unnamed || whatIsWrong(error) });
    }
    options.onProgress?.(share("checking", index + 1, names.length, (performance.now() - begun) / 1000));
  }
  if ((bad.length > 0 && !skipBad) || bad.length === names.length) throw refusal(wavs, bad, names.length);
  const resumed = answers.size;
  if (resumed > 0) warn?.(`${resumed} of ${names.length} files have their label from before; going on with the others`);
  const checked = performance.now();

  // ---- the engine, or onnxruntime -------------------------------------------------------------------
  const model = await found.open();
  await warmUp(model);
  const started = performance.now();

  // ---- files ----------------------------------------------------------------------------------------
  try {
    const skipped = new Set(bad.map(({ name }) => name));
    const left = names.filter((name) => !answers.has(name) && !skipped.has(name));
    for (let at = 0; at < left.length; at += FILES_AT_ONCE) {
      if (signal?.aborted) throw new Interrupted(`stopped after ${answers.size} of ${names.length} files`);
      const batch = await labelBatch(model, wavs, left.slice(at, at + FILES_AT_ONCE), (name, what) => {
        // It was in order a moment ago.
        if (!skipBad) throw new UserError(`${path.join(wavs, name)}: ${what}`);
        bad.push({ name, what });
      });
      partial.add(batch.map(({ name, ...answer }) => ({ ...answer, file: path.resolve(wavs, name) })));
      for (const { name, label, seconds, silent } of batch) answers.set(name, { label, seconds, silent });
      const done = Math.min(at + FILES_AT_ONCE, left.length);
      options.onProgress?.(share("classifying", done, left.length, (performance.now() - started) / 1000));
      // Lets Ctrl-C through.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await model.dispose();
  }

  // ---- the output -----------------------------------------------------------------------------------
  const labelled = names.filter((name) => answers.has(name));
  if (labelled.length === 0) throw refusal(wavs, bad, names.length);
  writeFileAtomic(out, challengeJson(labelled.map((name) => [name, labels[answers.get(name)!.label]!])));
  partial.remove();
  for (const name of labelled) if (answers.get(name)!.silent) notes.add("silent: all samples are equal", name);
  const seconds = labelled.map((name) => answers.get(name)!.seconds).sort((a, b) => a - b);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  const startSeconds = (begun - startedAt + started - checked) / 1000;
  const checkSeconds = (checked - begun) / 1000;
  const byLabel = Object.fromEntries(labels.map((label) => [label, 0]));
  for (const name of labelled) byLabel[labels[answers.get(name)!.label]!]!++;
  return {
    ...{ out, task: found.task, model: digest, byLabel },
    ...{ files: labelled.length, skipped: bad.length, bad, ignored, resumed, notes: notes.all() },
    ...{ startSeconds, checkSeconds },
    secondsPerFile: { mean: total / seconds.length, median: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) },
    seconds: startSeconds + checkSeconds + total,
  };
}

function refusal(folder: string, bad: readonly BadFile[], all: number): UserError {
  const lines = bad.slice(0, SHOWN_BAD).map(({ name, what }) => `\n  ${name}: ${what}`);
  const more = bad.length > SHOWN_BAD ? `\n  and ${bad.length - SHOWN_BAD} more` : "";
  const end = bad.length === all ? "" : "; --skip-bad leaves them out and labels the others";
  return new UserError(
    `${bad.length} of ${all} WAV files in ${folder} cannot be classified, so nothing was${end}:${lines.join("")}${more}`,
  );
}

function share(phase: string, done: number, total: number, seconds: number): ProgressReport {
  const secondsLeft = (seconds / done) * (total - done);
  return { phase, fraction: done / total, secondsLeft, detail: `${done} of ${total} files` };
}
