import { whilePlanning } from "../../papers/loadedOnce.js";
import type { EpochBudget, Paper, RunRequest } from "../../papers/paper.js";
import { MissingData, UserError } from "../../userError.js";
import type { ExperimentEntry } from "../entry.js";
import { type PlannedRun, type PlanOptions, planRun, requestsOf } from "../plan.js";
import { experimentIds, findExperiment, findPaper } from "../registry.js";
import { expand, type RunCell } from "./expand.js";
import { RunFolders } from "./runFolders.js";
import { selectIds } from "./selectIds.js";

/** What is planned of one experiment. */
export interface ExperimentPlan {
  entry: ExperimentEntry;
  /** "count": a table counted from annotations; "constants": quoted by a paper; "not built": nothing of it can be run yet. */
  what: "run" | "count" | "constants" | "not built";
  runs: readonly PlannedRun[];
  /** Runs that the data at hand does not allow. */
  cannot: readonly { request: RunRequest; why: string }[];
}

/** Entries and papers that a plan is made from. */
export interface Loaded {
  entries: readonly { entry: ExperimentEntry; named: boolean }[];
  /** By id, with those that rows refer to. */
  byId: ReadonlyMap<string, ExperimentEntry>;
  papers: ReadonlyMap<string, Paper>;
}

/**
 * Reads the entries that a command names, those that they refer to, and their papers. Throws UserError for ids that are not known, and
 * for one that was named and is not built.
 */
export async function loadExperiments(ids: readonly string[]): Promise<Loaded> {
  const selected = selectIds(ids, experimentIds());
  const byId = new Map<string, ExperimentEntry>();
  const papers = new Map<string, Paper>();
  const load = async (id: string): Promise<ExperimentEntry> => {
    const before = byId.get(id);
    if (before) return before;
    const entry = await findExperiment(id);
    byId.set(id, entry);
    const built = builtRows(entry);
    for (const { runs } of built) if (runs?.experiment !== undefined) await load(runs.experiment);
    if (built.length > 0 && !papers.has(entry.paper)) papers.set(entry.paper, await findPaper(entry.paper));
    return entry;
  };
  const entries: Loaded["entries"][number][] = [];
  for (const { id, named } of selected) {
    const entry = await load(id);
    if (named) requireSomethingToRun(entry);
    entries.push({ entry, named });
  }
  return { entries, byId, papers };
}

/** @throws UserError for an entry of which nothing can be run or counted */
export function requireSomethingToRun(entry: ExperimentEntry): void {
  const what = whatIs(entry);
  if (what === "constants")
    throw new UserError(`${entry.id} holds constants that a paper quotes: there is nothing to run`);
  if (what === "not built")
    throw new UserError(
      `${entry.id} is not built yet: nothing of it can be run; \`npx auscult show ${entry.id}\` says what it is`,
    );
}

/**
 * Plans the runs of experiments, each once whoever asks for it; data sets are read once. A run that the data at hand does not allow is
 * told, the others are planned. What an experiment does not have is a mistake where it was named; where patterns name many, it
 * leaves those out that do not have it.
 *
 * @param budgets of experiments whose runs have fewer epochs than their own
 * Throws UserError for what none has, and MissingData where nothing at all can be run for want of data.
 */
export function planExperiments(
  { entries, byId, papers }: Loaded,
  options: PlanOptions,
  budgets: ReadonlyMap<string, EpochBudget> = new Map(),
): ExperimentPlan[] {
  const folders = new RunFolders();
  const bySignature = new Map<string, PlannedRun>();
  const refused: UserError[] = [];
  const missing: MissingData[] = [];
  const paperOf = (id: string) => papers.get(byId.get(id)!.paper)!;

  const planOne = (request: RunRequest): PlannedRun | string => {
    try {
      const run = planRun(paperOf(request.experiment), request, options.threads, folders);
      const before = bySignature.get(run.signature);
      if (!before) bySignature.set(run.signature, run);
      return before ?? run;
    } catch (error) {
      if (!(error instanceof MissingData)) throw error;
      missing.push(error);
      return error.message;
    }
  };

  const plans = whilePlanning(() =>
    entries.map(({ entry, named }): ExperimentPlan => {
      const what = whatIs(entry);
      if (what !== "run") return { entry, what, runs: [], cannot: [] };
      let requests: RunRequest[];
      try {
        const given = { ...options, ...(budgets.has(entry.id) && { budget: budgets.get(entry.id)! }) };
        requests = requestsOfCells(expand(entry, options, byId), (id) => byId.get(id)!, paperOf, given);
      } catch (error) {
        if (named || !(error instanceof UserError)) throw error;
        refused.push(error);
        return { entry, what, runs: [], cannot: [] };
      }
      const runs = new Set<PlannedRun>();
      const cannot: { request: RunRequest; why: string }[] = [];
      for (const request of requests) {
        const planned = planOne(request);
        if (typeof planned === "string") cannot.push({ request, why: planned });
        else runs.add(planned);
      }
      return { entry, what, runs: [...runs], cannot };
    }),
  );
  const isAnything = plans.some(({ what, runs }) => runs.length > 0 || what !== "run");
  if (missing.length > 0 && plans.every(({ what, runs }) => what !== "count" && runs.length === 0)) throw missing[0]!;
  if (refused.length > 0 && (!isAnything || plans.every(({ runs }) => runs.length === 0))) throw refused[0]!;
  return plans;
}

/** Each with the settings of the experiment whose run it is. */
function requestsOfCells(
  cells: readonly RunCell[],
  entryOf: (id: string) => ExperimentEntry,
  paperOf: (id: string) => Paper,
  options: PlanOptions,
): RunRequest[] {
  const homes = [...new Set(cells.map(({ experiment }) => experiment))];
  return homes.flatMap((home) => {
    const own = cells.filter(({ experiment }) => experiment === home);
    return requestsOf(entryOf(home), own, paperOf(home), options);
  });
}

function whatIs(entry: ExperimentEntry): ExperimentPlan["what"] {
  if (entry.kind === "dataset") return "count";
  if (builtRows(entry).length > 0) return "run";
  return entry.rows.length > 0 && entry.rows.every(({ state }) => state === "literature") ? "constants" : "not built";
}

function builtRows({ rows }: ExperimentEntry) {
  return rows.filter(({ state }) => state === "built");
}
