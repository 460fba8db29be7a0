import { mlrunsFolder } from "../node/paths.js";
import { describeSync, syncAll } from "../tracking/sync.js";
import type { Precision } from "../training/runIdentity.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";
import { caveatsOf } from "./caveats.js";
import type { ExperimentEntry } from "./entry.js";
import { type PlannedRun, type PlanOptions, planRuns } from "./plan.js";
import { findExperiment, findPaper } from "./registry.js";
import { reportModel } from "./report.js";
import { renderTable } from "./reportPage.js";
import { runName } from "./runDescription.js";
import type { RunRecord } from "./runRecord.js";
import { runSeries } from "./runSeries.js";
import { renderRun } from "./runSummary.js";

export interface RunExperimentsOptions {
  ids: readonly string[];
  plan: PlanOptions;
  dryRun: boolean;
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  say(message: string): void;
}

/** What the command line's JSON holds of a run. */
export interface RunOutcome {
  runId: string;
  signature: string;
  row: string;
  task: string;
  seed: number;
  protocol: string;
  profile: string;
  precision: Precision;
  state: "done before" | "done" | "failed" | "planned";
  madeUp: boolean;
  reduced?: string;
  /** The weights that it started from. */
  init?: { file: string; sha256: string; headAnew: boolean };
  /** What the split shares and should not, a sentence each. */
  leaks: readonly string[];
  partOfData?: string;
  metrics: Record<string, number | null>;
  seconds: number | null;
  folder: string;
  error?: string;
}

export interface ExperimentsOutcome {
  runs: RunOutcome[];
  tables: { id: string; text: string }[];
  failed: number;
  /** For the command line: 0, or 2 where bad input was all that failed, or 1. */
  exitCode: number;
}

/**
 * Plans and carries out what is missing of some experiments, one run after the other; a run that fails does not stop the others.
 * Throws Interrupted when stopped.
 */
export async function runExperiments(options: RunExperimentsOptions): Promise<ExperimentsOutcome> {
  const outcome: ExperimentsOutcome = { runs: [], tables: [], failed: 0, exitCode: 0 };
  for (const id of options.ids) {
    const entry = await findExperiment(id);
    const paper = await findPaper(entry.paper);
    const runs = planRuns(entry, paper, options.plan);
    const records: RunRecord[] = [];
    await runSeries(runs, {
      doneBefore(run, before) {
        options.say(`done before: ${nameOf(run)}`);
        records.push(before);
        outcome.runs.push(outcomeOf(run, before, "done before"));
      },
      async carryOut(run, index) {
        const { reduced, init, split, data } = run.prepared;
        if (options.dryRun) {
          options.say(`would run: ${nameOf(run)}${reduced ? ` (${reduced})` : ""}`);
          outcome.runs.push(outcomeOf(run, undefined, "planned"));
          return undefined;
        }
        options.say(`run ${index + 1} of ${runs.length}: ${nameOf(run)}\n  ${data.description}`);
        if (reduced) options.say(`  ${reduced}`);
        if (init) options.say(`  ${init.says}`);
        for (const { says } of caveatsOf(split)) options.say(`  ${says}`);
        return carryOut(entry, run, options);
      },
      done(run, record) {
        records.push(record);
        outcome.runs.push(outcomeOf(run, record, "done"));
      },
      failed(run, error) {
        const code = error instanceof UserError ? error.exitCode : 1;
        outcome.exitCode = outcome.failed === 0 || outcome.exitCode === code ? code : 1;
        outcome.failed++;
        const { message } = error;
        options.say(`failed: ${nameOf(run)}: ${message}`);
        outcome.runs.push({ ...outcomeOf(run, undefined, "failed"), error: message });
      },
    });
    if (records.length > 0) outcome.tables.push({ id, text: textOf(entry, records) });
  }
  if (outcome.runs.some(({ state }) => state === "done")) await sendLeftovers(options.say);
  return outcome;
}

/** What earlier runs could not send while they ran. */
async function sendLeftovers(say: (message: string) => void): Promise<void> {
  try {
    const report = await syncAll(mlrunsFolder(), { timeoutMs: 30_000 });
    if (report.sent > 0 || report.rejected > 0) say(describeSync(report));
  } catch (error) {
    // Such as an address that cannot be used. The numbers that were made must be printed all the same.
    say(`tracking: ${(error as Error).message}`);
  }
}

/** Each run's own numbers, then the cells they belong to. */
function textOf(entry: ExperimentEntry, records: readonly RunRecord[]): string {
  const model = reportModel(entry, records);
  const cells = model.cells.filter((cell) => cell.ours !== null);
  return [...records.map(renderRun), renderTable({ ...model, cells })].join("\n");
}

/** The engine is loaded with the first run that needs it: planning and looking must not wait for it. */
async function carryOut(entry: ExperimentEntry, run: PlannedRun, options: RunExperimentsOptions): Promise<RunRecord> {
  const { threads } = options.plan;
  if (threads !== undefined && threads !== run.threads)
    options.say(`  begun with ${run.threads} threads, it keeps them (--threads ${threads} is for runs that begin)`);
  const { executeRun } = await import("./execute.js");
  return executeRun(entry, run, { signal: options.signal, onProgress: options.onProgress, warn: options.say });
}

const nameOf = ({ request, prepared }: PlannedRun) => runName(request, prepared.data.madeUp);

function outcomeOf(run: PlannedRun, record: RunRecord | undefined, state: RunOutcome["state"]): RunOutcome {
  const { row, task, seed, protocol, profile } = run.request;
  const { init } = run.prepared;
  const metrics: Record<string, number | null> = {};
  if (record) {
    const { tests, mean } = record.result;
    for (const [set, { scores, auc }] of Object.entries(tests)) {
      for (const key of ["se", "sp", "as", "hs", "score"] as const) metrics[`${set}/${key}`] = scores[key];
      metrics[`${set}/auc`] = auc;
    }
    for (const key of ["se", "sp", "as", "hs", "score"] as const) metrics[`mean/${key}`] = mean.scores[key];
  }
  return {
    runId: run.runId,
    signature: run.signature,
    row,
    task,
    seed,
    protocol,
    profile,
    precision: run.precision,
    state,
    madeUp: run.prepared.data.madeUp,
    ...(run.prepared.reduced && { reduced: run.prepared.reduced }),
    ...(init && { init: { file: init.file, sha256: init.sha256, headAnew: init.headAnew } }),
    leaks: run.prepared.split.leaks,
    ...(run.prepared.split.partOfData && { partOfData: run.prepared.split.partOfData }),
    metrics,
    seconds: record?.result.seconds ?? null,
    folder: run.folder,
  };
}
