import { mkdirSync } from "node:fs";
import path from "node:path";
import { tryLock } from "mlflow-js-client";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { mlrunsFolder } from "../node/paths.js";
import { processorHasBf16, processorType } from "../node/processor.js";
import { modelFiles } from "../papers/savedModel.js";
import { engineDevice, engineName, engineThreads } from "../tensorflow.js";
import { type BackgroundSender, startBackgroundSender } from "../tracking/background.js";
import { ensureServer } from "../tracking/localServer.js";
import { createRecorder, type MlflowRecorder } from "../tracking/mlflowRecorder.js";
import { describeSync } from "../tracking/sync.js";
import { Interrupted } from "../training/interrupted.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";
import { caveatsOf } from "./caveats.js";
import type { ExperimentEntry } from "./entry.js";
import type { PlannedRun } from "./plan.js";
import { aboutBf16 } from "./precision.js";
import { codeDigest, codeRevision } from "./revision.js";
import { runDescription, runName } from "./runDescription.js";
import { writeRunFigures } from "./runFigures.js";
import { executeInChild } from "./runInChild.js";
import { begunOtherwise, keepPlan } from "./runPlan.js";
import { DONE_FILE, finishedRecord, RECORD_FORMAT, RESULT_FILE, type RunRecord, readRecord } from "./runRecord.js";

export interface ExecuteOptions {
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  warn(message: string): void;
}

/**
 * Carries out a planned run, or goes on with it, or hands back what it gave when it was done before. One process works on a run at a
 * time: this one, or where its engine was loaded with another number of threads than the run was planned with, a child.
 * Throws Interrupted when stopped (it can be resumed), UserError when another process has it.
 */
export async function executeRun(entry: ExperimentEntry, run: PlannedRun, options: ExecuteOptions): Promise<RunRecord> {
  const done = finishedRecord(run.folder);
  if (done) return done;
  if (run.threads !== engineThreads) {
    options.warn(`${run.runId} is carried out with ${run.threads} threads, in a process of its own`);
    await executeInChild(run, options);
    return readRecord(path.join(run.folder, RESULT_FILE));
  }
  mkdirSync(run.folder, { recursive: true });
  const release = tryLock(path.join(run.folder, "run.lock"));
  if (!release) throw new UserError(`${run.runId} is being run by another process; wait for it, or stop it first`, 1);
  try {
    return finishedRecord(run.folder) ?? (await trackedRun(entry, run, options));
  } finally {
    release();
  }
}

async function trackedRun(entry: ExperimentEntry, run: PlannedRun, options: ExecuteOptions): Promise<RunRecord> {
  const { prepared, folder, signature, settings, threads, precision } = run;
  if (precision === "bf16") options.warn(aboutBf16(engineDevice(), processorHasBf16()));
  if (keepPlan(folder, { signature, settings, threads, precision }) === "begins")
    begunOtherwise(folder, { settings, precision }).forEach(options.warn);
  const revision = codeRevision();
  const recorder = openRecorder(entry, run, revision);
  const sender = startBackgroundSender({ runFolder: folder });
  // The server comes up beside the training, which does not wait for it; the sender finds it when it is there.
  const server = ensureServer({ mlrunsFolder: mlrunsFolder() }).catch((error: Error) => options.warn(untracked(error)));
  try {
    const result = await prepared.execute({
      runFolder: folder,
      identity: {
        signature,
        settings: { ...settings, precision },
        circumstances: { code: codeDigest(), processor: processorType(), engine: engineName(), threads },
      },
      recorder,
      signal: options.signal,
      progress: options.onProgress,
      warn: options.warn,
    });
    const { dataDir: _, init: ___, ...request } = run.request;
    const { counts: __, ...split } = prepared.split;
    const record: RunRecord = {
      format: RECORD_FORMAT,
      runId: run.runId,
      signature,
      request: prepared.init ? { ...request, init: prepared.init.file } : request,
      data: prepared.data,
      split,
      ...(prepared.reduced && { reduced: prepared.reduced }),
      ...(prepared.init && { init: prepared.init }),
      codeRevision: revision,
      threads,
      precision,
      engine: engineName(),
      result,
    };
    writeJsonAtomic(path.join(folder, RESULT_FILE), record);
    recordResult(entry, run, record, recorder);
    recorder.end("FINISHED");
    writeJsonAtomic(path.join(folder, DONE_FILE), { finishedAt: new Date().toISOString() });
    // As a later command reads it, so that both say the same: JSON has no NaN.
    return readRecord(path.join(folder, RESULT_FILE));
  } catch (error) {
    const stopped = error instanceof Interrupted || (error as Error).name === "AbortError";
    try {
      recorder.end(stopped ? "KILLED" : "FAILED", stopped ? undefined : String((error as Error).message));
    } catch (spool) {
      // Such as on a full disk. What went wrong first is what people must hear.
      options.warn(`tracking: ${(spool as Error).message}`);
    }
    throw stopped && !(error instanceof Interrupted) ? new Interrupted("stopped") : error;
  } finally {
    if (options.signal.aborted) await stopWithin(sender, PATIENCE_MS);
    else {
      await server;
      const sent = await sender.stop();
      if (sent.problem || sent.rejected > 0) options.warn(describeSync(sent));
    }
  }
}

/** Whoever pressed Ctrl-C waits no longer than this; what is not sent by then, a later command sends. */
const PATIENCE_MS = 3000;

async function stopWithin(sender: BackgroundSender, milliseconds: number): Promise<void> {
  const late = new Promise<"late">((resolve) => setTimeout(resolve, milliseconds, "late").unref());
  if ((await Promise.race([sender.stop(), late])) === "late" && sender.pid !== undefined) process.kill(sender.pid);
}

function untracked({ message }: Error): string {
  return `tracking: ${message.split("\n")[0]}; records are kept on disk, and \`npx auscult ui\` sends them later`;
}

function openRecorder(entry: ExperimentEntry, run: PlannedRun, revision: string): MlflowRecorder {
  const { request, prepared } = run;
  const { experiment, row, task, protocol, preset, profile, seed } = request;
  const { leaks, partOfData, seed: splitSeed } = prepared.split;
  const common = { paper: entry.paper, experiment, row };
  const recorder = createRecorder({
    runFolder: run.folder,
    experimentName: experiment,
    runName: runName(request, prepared.data.madeUp),
    tags: {
      ...common,
      task,
      protocol,
      preset,
      profile,
      seed: String(seed),
      data: prepared.data.digest,
      split: prepared.split.digest,
      codeRevision: revision,
      signature: run.signature,
      precision: run.precision,
      madeUpSounds: String(prepared.data.madeUp),
      ...(prepared.reduced && { reduced: prepared.reduced }),
      ...(prepared.init && { initialWeights: prepared.init.sha256, initialWeightsFile: prepared.init.file }),
      // Always there, so that a search can ask for runs without.
      leaks: leaks.join(" ") || "none",
      ...(partOfData && { partOfData }),
      ...(splitSeed !== undefined && { splitSeed: String(splitSeed) }),
    },
    parent: { key: row, name: row, tags: common },
  });
  recorder.parameters({
    ...flat(prepared.settings),
    seed,
    threads: run.threads,
    precision: run.precision,
    engine: engineName(),
  });
  const caveats = caveatsOf(prepared.split);
  for (const role of ["train", "select", "test"] as const) {
    recorder.dataset({
      name: `${prepared.split.name}/${role}`,
      digest: prepared.split.digest,
      source: prepared.data.source,
      role,
      profile: {
        data: prepared.data.description,
        dataDigest: prepared.data.digest,
        ...(role !== "test" && { classes: prepared.split.counts[role] }),
        ...(caveats.length > 0 && { caveats: caveats.map(({ says }) => says) }),
      },
    });
  }
  recorder.description(runDescription(entry, request, prepared, undefined));
  return recorder;
}

/** The final numbers, pictures and the model. */
function recordResult(entry: ExperimentEntry, run: PlannedRun, record: RunRecord, recorder: MlflowRecorder): void {
  const { result } = record;
  const final: Record<string, number> = { "summary/chosenEpoch": result.chosenEpoch };
  for (const [set, { scores, auc, loss }] of Object.entries(result.tests)) {
    Object.assign(final, prefixed(`summary/${set}`, { ...pick(scores), auc, loss }));
  }
  Object.assign(final, prefixed("summary/mean", pick(result.mean.scores)));
  final[`summary/${result.lastEpochs.role}ScoreMedianOfLastEpochs`] = result.lastEpochs.median;
  recorder.metrics(final, result.epochs);
  recorder.artifact(path.join(run.folder, RESULT_FILE));
  for (const file of writeRunFigures(run.folder, record)) recorder.artifact(file, "figures");
  recorder.tags({
    testOpenings: String(result.testOpenings.length),
    ...(result.changes && { changedOnTheWay: result.changes.join("; ") }),
  });
  recorder.description(runDescription(entry, run.request, run.prepared, result));
  recorder.model({
    name: "model",
    type: "tfjs-layers-model",
    params: { epoch: result.chosenEpoch },
    files: modelFiles.map((name) => ({ file: path.join(run.folder, "model", name), path: name })),
  });
}

function pick({ se, sp, as, hs, score }: { se: number; sp: number; as: number; hs: number; score: number }) {
  return { se, sp, as, hs, score };
}

function prefixed(prefix: string, values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}/${key}`, value]));
}

function flat(settings: object): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value]),
  );
}
