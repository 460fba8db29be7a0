import { existsSync } from "node:fs";
import { namedScores } from "../evaluation/assessment.js";
import { mlrunsFolder } from "../node/paths.js";
import type { RunRequest } from "../papers/paper.js";
import { describeSync, syncAll } from "../tracking/sync.js";
import type { Precision } from "../training/runIdentity.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";
import { caveatsOf } from "./caveats.js";
import { countEntries } from "./counting/countEntry.js";
import { renderCounted } from "./counting/renderCounted.js";
import type { ExperimentEntry } from "./entry.js";
import { onThisMachine, type Placement } from "./placement/placement.js";
import type { PlannedRun, PlanOptions } from "./plan.js";
import type { Budget } from "./planning/budget.js";
import { type DryRun, dryRunOf } from "./planning/dryRun.js";
import { renderDryRun } from "./planning/dryRunText.js";
import { type ExperimentPlan, loadExperiments, planExperiments } from "./planning/planExperiments.js";
import type { Needs } from "./planning/programme.js";
import type { AskedNodes } from "./planning/simulatedProgramme.js";
import { measure, planWithBudget } from "./planning/withBudget.js";
import { runName } from "./recording/runDescription.js";
import { reportModel } from "./reporting/report.js";
import { renderTable } from "./reporting/reportPage.js";
import type { RunEnd } from "./running/carryOut.js";
import { logFile } from "./running/runLog.js";
import type { WorkState } from "./running/schedule.js";
import { finishedRecord, type RunRecord } from "./runRecord.js";
import { renderRun } from "./runSummary.js";

export interface RunExperimentsOptions {
  ids: readonly string[];
  plan: PlanOptions;
  /** Equal epochs for all runs of an experiment. */
  budget?: Budget;
  /** Only says what would be run, and what it would take; "measure": after taking a few steps where that is not known. */
  dryRun: boolean | "measure";
  /** With `dryRun`: what is left, simulated on so many nodes. */
  nodes?: AskedNodes;
  signal: AbortSignal;
  /** Processes at once; default 1. */
  jobs?: number;
  /** Default: this machine, with those jobs. */
  placement?: Placement;
  /** Told how far a run is. */
  onProgress?(report: ProgressReport): void;
  /** Told of each run, and of each stage that runs share, when it stands otherwise. */
  onState?(what: { id: string; name: string }, state: WorkState): void;
  say(message: string): void;
}

/** What the command line's JSON holds of a run. */
export interface RunOutcome {
  experiment: string;
  runId: string;
  signature: string;
  row: string;
  task: string;
  fold?: string;
  seed: number;
  /** Settings that are not the recipe's own. */
  set?: RunRequest["set"];
  protocol: string;
  profile: string;
  precision: Precision;
  state: "done before" | "done" | "failed" | "cancelled" | "handed over" | "planned";
  madeUp: boolean;
  reduced?: string;
  /** The weights that it started from. */
  init?: { file: string; sha256: string; headAnew: boolean };
  /** What the split shares and should not, a sentence each. */
  leaks: readonly string[];
  partOfData?: string;
  emptyBand?: string;
  metrics: Record<string, number | null>;
  seconds: number | null;
  /** Of a dry run: what all of it takes. */
  needs?: Needs;
  folder: string;
  error?: string;
}

export interface ExperimentsOutcome {
  runs: RunOutcome[];
  tables: { id: string; text: string }[];
  failed: number;
  /** Runs that the data at hand does not allow. */
  cannot: (Omit<RunRequest, "dataDir"> & { why: string })[];
  plan?: DryRun;
  /** For the command line: 0, or 2 where bad input was all that failed, or 1. */
  exitCode: number;
}

/**
 * Plans and carries out what is missing of some experiments, each run in a process of its own; one that fails does not stop the others.
 * Throws Interrupted when stopped.
 */
export async function runExperiments(options: RunExperimentsOptions): Promise<ExperimentsOutcome> {
  const { ids, plan, budget, jobs = 1, dryRun, say } = options;
  const loaded = await loadExperiments(ids);
  const plans = budget
    ? await planWithBudget(loaded, { ...plan, jobs }, budget, options)
    : planExperiments(loaded, plan);
  if (dryRun) {
    if (dryRun === "measure")
      await measure(
        plans.flatMap(({ runs }) => runs),
        options,
      );
    return looked(plans, dryRunOf(plans, loaded.byId, jobs, options.nodes), options.placement);
  }
  for (const { cannot } of plans)
    for (const { request, why } of cannot) say(`cannot be: ${runName(request, false)}: ${why.split("\n")[0]}`);
  const outcome = await carryOutPlanned(
    plans.filter(({ runs }) => runs.length > 0),
    options,
  );
  const counted = plans.filter(({ what }) => what === "count").map(({ entry }) => entry);
  const counts = countEntries(counted, plan.dataDir);
  const countedTables = counted.map((entry, i) => ({ id: entry.id, text: renderCounted(entry, counts[i]!) }));
  return { ...outcome, tables: [...outcome.tables, ...countedTables], cannot: cannotOf(plans) };
}

/** What would be run, and what is there. */
function looked(plans: readonly ExperimentPlan[], plan: DryRun, placement: Placement | undefined): ExperimentsOutcome {
  const planned = [...new Set(plans.flatMap((one) => one.runs))];
  const handed = placement?.describe(planned);
  const needs = new Map(plan.experiments.flatMap((one) => one.runs.map(({ run, needs }) => [run, needs])));
  const runs = planned.map((run) => {
    const before = finishedRecord(run.folder);
    return { ...outcomeOf(run, before, before ? "done before" : "planned"), needs: needs.get(run)! };
  });
  return {
    runs,
    tables: [
      { id: "plan", text: renderDryRun(plan, placement?.on) },
      ...(handed === undefined ? [] : [{ id: "submission", text: handed }]),
    ],
    failed: 0,
    cannot: cannotOf(plans),
    plan,
    exitCode: 0,
  };
}

function cannotOf(plans: readonly ExperimentPlan[]): ExperimentsOutcome["cannot"] {
  return plans.flatMap(({ cannot }) =>
    cannot.map(({ request: { dataDir: _, tuned: __, ...request }, why }) => ({ ...request, why })),
  );
}

/** Runs of one experiment. */
export interface ExperimentRuns {
  entry: ExperimentEntry;
  runs: readonly PlannedRun[];
}

/** Carries out what is missing of planned runs, and tells how each ended. */
export async function carryOutPlanned(
  planned: readonly ExperimentRuns[],
  options: Pick<RunExperimentsOptions, "signal" | "onProgress" | "onState" | "say" | "placement"> & {
    jobs?: number;
    plan?: { threads?: number };
  },
): Promise<ExperimentsOutcome> {
  const { signal, onProgress, onState, say, jobs = 1, placement = onThisMachine(jobs) } = options;
  const outcome: ExperimentsOutcome = { runs: [], tables: [], failed: 0, cannot: [], exitCode: 0 };
  // Experiments may stand on the same runs.
  const all = [...new Set(planned.flatMap(({ runs }) => runs))];
  const ends = new Map<PlannedRun, RunEnd>();
  await placement.carryOut(all, {
    signal,
    say,
    onBegin: (run) => sayBegins(run, `run ${all.indexOf(run) + 1} of ${all.length}`, options),
    onState(what, state) {
      onState?.("stage" in what ? { id: what.stage, name: what.stage } : { id: what.runId, name: nameOf(what) }, state);
      if (state.is === "running" && state.progress) onProgress?.(state.progress);
    },
    onEnd(run, end) {
      ends.set(run, end);
      if (end.state === "done before") say(`done before: ${nameOf(run)}`);
      if (end.state === "cancelled")
        say(`cancelled: ${nameOf(run)}; \`npx auscult resume ${run.runId}\` goes on with it`);
      if (end.state === "failed") say(`failed: ${nameOf(run)}: ${end.error.message.split("\n")[0]}`);
    },
    warn: (message, what) => say("stage" in what || jobs === 1 ? message : `${nameOf(what)}: ${message}`),
  });
  for (const [run, end] of ends) if (end.state === "failed") say(failureText(run, end.error));
  const told = new Set<PlannedRun>();
  for (const { entry, runs } of planned) {
    const records: RunRecord[] = [];
    for (const run of runs) {
      const end = ends.get(run)!;
      const record = "record" in end ? end.record : undefined;
      if (record) records.push(record);
      if (told.has(run)) continue;
      told.add(run);
      const error = "error" in end ? { error: end.error.message } : {};
      outcome.runs.push({ ...outcomeOf(run, record, end.state), ...error });
    }
    if (records.length > 0) outcome.tables.push({ id: entry.id, text: textOf(entry, records) });
  }
  Object.assign(outcome, exitOf([...ends.values()]));
  if (outcome.runs.some(({ state }) => state === "done")) await sendLeftovers(say);
  return outcome;
}

/** What a run failed of, in full, and where to look. */
function failureText(run: PlannedRun, { message }: Error): string {
  const log = existsSync(logFile(run.folder)) ? `\n  log: npx auscult logs ${run.runId}` : "";
  return `failed: ${nameOf(run)}\n  ${message.replaceAll("\n", "\n  ")}${log}`;
}

/** 2 where bad input was all that failed; runs that were cancelled, and nothing worse, can be resumed. */
function exitOf(ends: readonly RunEnd[]): { failed: number; exitCode: number } {
  const errors = ends.flatMap((end) => (end.state === "failed" ? [end.error] : []));
  const codes = new Set(errors.map((error) => (error instanceof UserError ? error.exitCode : 1)));
  if (codes.size > 0) return { failed: errors.length, exitCode: codes.size === 1 ? [...codes][0]! : 1 };
  return { failed: 0, exitCode: ends.some(({ state }) => state === "cancelled") ? 130 : 0 };
}

function sayBegins(
  run: PlannedRun,
  which: string,
  { plan, say }: { plan?: { threads?: number }; say(text: string): void },
) {
  const { reduced, init, split, data } = run.prepared;
  say(`${which}: ${nameOf(run)}\n  ${data.description}`);
  if (reduced) say(`  ${reduced}`);
  if (init) say(`  ${init.says}`);
  for (const { says } of caveatsOf(split)) say(`  ${says}`);
  const threads = plan?.threads;
  if (threads !== undefined && threads !== run.threads)
    say(`  begun with ${run.threads} threads, it keeps them (--threads ${threads} is for runs that begin)`);
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
  if (entry.kind === "search") return records.map(renderRun).join("\n");
  return [...records.map(renderRun), renderTable({ ...model, cells })].join("\n");
}

const nameOf = ({ request, prepared }: PlannedRun) => runName(request, prepared.data.madeUp);

function outcomeOf(run: PlannedRun, record: RunRecord | undefined, state: RunOutcome["state"]): RunOutcome {
  const { experiment, row, task, fold, seed, protocol, profile, set } = run.request;
  const { init } = run.prepared;
  const metrics: Record<string, number | null> = {};
  if (record) {
    const { tests, mean } = record.result;
    for (const [set, { scores, auc }] of Object.entries(tests)) {
      for (const [key, value] of Object.entries(namedScores(scores))) metrics[`${set}/${key}`] = value;
      metrics[`${set}/auc`] = auc;
    }
    if (mean) for (const [key, value] of Object.entries(namedScores(mean.scores))) metrics[`mean/${key}`] = value;
  }
  return {
    experiment,
    runId: run.runId,
    signature: run.signature,
    row,
    task,
    ...(fold !== undefined && { fold }),
    seed,
    ...(set && { set }),
    protocol,
    profile,
    precision: run.precision,
    state,
    madeUp: run.prepared.data.madeUp,
    ...(run.prepared.reduced && { reduced: run.prepared.reduced }),
    ...(init && { init: { file: init.file, sha256: init.sha256, headAnew: init.headAnew } }),
    leaks: run.prepared.split.leaks,
    ...(run.prepared.split.partOfData && { partOfData: run.prepared.split.partOfData }),
    ...(run.prepared.split.emptyBand && { emptyBand: run.prepared.split.emptyBand }),
    metrics,
    seconds: record?.result.seconds ?? null,
    folder: run.folder,
  };
}
