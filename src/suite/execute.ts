import { homedir } from "node:os";
import path from "node:path";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { cacheFolder, dataFolder, mlrunsFolder, projectRoot } from "../node/paths.js";
import { bf16Rate, processorType } from "../node/processor.js";
import { engineDevice, engineName, engineThreads } from "../tensorflow.js";
import { type BackgroundSender, startBackgroundSender } from "../tracking/background.js";
import { ensureServer } from "../tracking/localServer.js";
import { describeSync } from "../tracking/sync.js";
import type { RunIdentity } from "../training/runIdentity.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import type { ExperimentEntry } from "./entry.js";
import type { PlannedRun } from "./plan.js";
import { CostWatch } from "./planning/costWatch.js";
import { aboutBf16 } from "./precision.js";
import { recipeDigest } from "./recipeDigest.js";
import { closedRecorder } from "./recording/closedRecorder.js";
import { openRecorder, recordResult } from "./recording/runRecorder.js";
import { codeDigest, codeRevision } from "./revision.js";
import { executeInChild } from "./runInChild.js";
import { isAbort } from "./running/aborted.js";
import { askFor, readAskedFor } from "./running/askedFor.js";
import { attemptAt } from "./running/attemptAt.js";
import type { Claim } from "./running/claim.js";
import { markDone } from "./running/doneMarker.js";
import { epochScore } from "./running/epochScore.js";
import { makeStages } from "./running/makeStages.js";
import { logLine } from "./running/runLog.js";
import { begunOtherwise, keepPlan } from "./runPlan.js";
import { finishedRecord, RECORD_FORMAT, RESULT_FILE, type RunRecord, readRecord } from "./runRecord.js";

export interface ExecuteOptions {
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  /** Called with each epoch that is done, first with those of earlier sittings. */
  onEpoch?(record: EpochRecord): void;
  warn(message: string): void;
}

/**
 * Carries out a planned run, or goes on with it, or hands back what it gave when it was done before. One process works on a run at a
 * time: this one, or where its engine was loaded with another number of threads than the run was planned with, a child.
 * Throws Interrupted when stopped (it can be resumed), HeldElsewhere when another process has it.
 */
export async function executeRun(entry: ExperimentEntry, run: PlannedRun, options: ExecuteOptions): Promise<RunRecord> {
  const { folder, runId } = run;
  const done = finishedRecord(folder);
  if (done) return done;
  if (run.threads !== engineThreads) {
    options.warn(`${runId} is carried out with ${run.threads} threads, in a process of its own`);
    await executeInChild(run, options);
    return readRecord(path.join(folder, RESULT_FILE));
  }
  if (!readAskedFor(folder)) askFor(run);
  const record = await attemptAt({ folder, name: runId, signal: options.signal }, (claim, signal) =>
    trackedRun(entry, run, claim, { ...toldOf(claim, folder, options), signal }),
  );
  return record ?? readRecord(path.join(folder, RESULT_FILE));
}

async function trackedRun(
  entry: ExperimentEntry,
  run: PlannedRun,
  claim: Claim,
  options: Required<ExecuteOptions>,
): Promise<RunRecord> {
  const { prepared, folder, signature, settings, threads, precision } = run;
  if (precision === "bf16") options.warn(aboutBf16(engineDevice(), bf16Rate()));
  if (keepPlan(folder, { signature, settings, threads, precision }) === "begins")
    begunOtherwise(folder, { settings, precision }).forEach(options.warn);
  const circumstances = circumstancesHere();
  const stages = await makeStages(prepared.stages ?? [], circumstances, options);
  const revision = codeRevision();
  const recorder = openRecorder(entry, run);
  const sender = startBackgroundSender({ runFolder: folder });
  // The server comes up beside the training, which does not wait for it; the sender finds it when it is there.
  const serverIsUp = (): Promise<boolean> =>
    ensureServer({ mlrunsFolder: mlrunsFolder(), say: options.warn, signal: options.signal }).then(
      () => true,
      (error: Error) => {
        if (!options.signal.aborted) options.warn(untracked(error));
        return false;
      },
    );
  const server = serverIsUp();
  const costs = new CostWatch(run, prepared.work);
  try {
    const result = await prepared.execute({
      runFolder: folder,
      identity: {
        signature,
        settings: { ...settings, precision },
        circumstances,
      },
      recorder: run.request.protocol === "honest" ? closedRecorder(recorder) : recorder,
      signal: options.signal,
      progress: (report) => options.onProgress(costs.see(report)),
      onEpoch: options.onEpoch,
      warn: options.warn,
      mayWrite: claim.mayWrite,
      stages,
    });
    const { dataDir: _, init: ___, tuned: ____, ...request } = run.request;
    const record: RunRecord = {
      format: RECORD_FORMAT,
      runId: run.runId,
      signature,
      request: prepared.init ? { ...request, init: prepared.init.file } : request,
      data: prepared.data,
      split: prepared.split,
      ...(prepared.reduced && { reduced: prepared.reduced }),
      ...(prepared.init && { init: prepared.init }),
      ...(prepared.tuned && { tuned: prepared.tuned }),
      recipe: recipeDigest(settings),
      codeRevision: revision,
      threads,
      precision,
      engine: engineName(),
      result,
    };
    claim.mayWrite();
    writeJsonAtomic(path.join(folder, RESULT_FILE), record);
    recordResult(entry, run, record, recorder);
    claim.mayWrite();
    recorder.end("FINISHED");
    markDone(folder, claim.number);
    costs.keep(folder);
    // As a later command reads it, so that both say the same: JSON has no NaN.
    return readRecord(path.join(folder, RESULT_FILE));
  } catch (error) {
    costs.keep();
    const stopped = isAbort(error);
    try {
      if (claim.wasLost) recorder.close();
      else recorder.end(stopped ? "KILLED" : "FAILED", stopped ? undefined : withoutPlaces((error as Error).message));
    } catch (spool) {
      // Such as on a full disk. What went wrong first is what people must hear.
      options.warn(`tracking: ${(spool as Error).message}`);
    }
    throw error;
  } finally {
    if (options.signal.aborted) await stopWithin(sender, PATIENCE_MS);
    else {
      // It may have died since.
      if (await server) await serverIsUp();
      const sent = await sender.stop();
      if (sent.problem || sent.rejected > 0) options.warn(describeSync(sent));
    }
  }
}

/** Where the bits of what this process computes come from. */
export function circumstancesHere(): RunIdentity["circumstances"] {
  return { code: codeDigest(), processor: processorType(), engine: engineName(), threads: engineThreads };
}

/** What is told to those who asked is told to the log, and to others who watch, too. */
function toldOf(claim: Claim, folder: string, options: ExecuteOptions): Required<Omit<ExecuteOptions, "signal">> {
  let epochs = claim.epochsBefore;
  return {
    onProgress(report) {
      claim.progress(report);
      options.onProgress(report);
    },
    onEpoch(record) {
      const { epoch, metrics } = record;
      const score = epochScore(record);
      claim.progress({ epoch, ...(score !== undefined && { score }) });
      if (epoch > epochs) logLine(folder, `epoch ${epoch}: ${metricsText(metrics)}`);
      epochs = Math.max(epochs, epoch);
      options.onEpoch?.(record);
    },
    warn(message) {
      logLine(folder, message);
      options.warn(message);
    },
  };
}

function metricsText(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toPrecision(5)}`)
    .join(", ");
}

/** The message as others may read it: without the paths of this machine. */
function withoutPlaces(message: string): string {
  const places = [mlrunsFolder(), dataFolder(), cacheFolder(), projectRoot(), homedir()];
  const names = ["mlruns", "data", "cache", "project", "~"];
  return places.reduce((text, place, i) => text.replaceAll(path.resolve(place), names[i]!), String(message));
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
