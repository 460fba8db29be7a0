import type { Protocol } from "../datasets/split.js";
import { whilePlanning } from "../papers/loadedOnce.js";
import type { EpochBudget, Paper, PreparedRun, Preset, Profile, RunRequest } from "../papers/paper.js";
import type { OptionValue } from "../papers/recipeOption.js";
import type { Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";
import type { ExperimentEntry } from "./entry.js";
import { expand, type RunCell } from "./planning/expand.js";
import { requireChoice } from "./planning/requireChoice.js";
import { RunFolders } from "./planning/runFolders.js";
import { settingsOf } from "./planning/setOptions.js";
import { signatureOf } from "./planning/signature.js";
import { tunedSettings } from "./planning/tunedSettings.js";
import { precisionNamed } from "./precision.js";
import { readPlan, usualThreads } from "./runPlan.js";
import { prepareRun } from "./searching/searchRun.js";

/** What `run` was asked for; what is not said takes its default. */
export interface PlanOptions {
  rows?: string[];
  tasks?: string[];
  folds?: string[];
  seeds?: number[];
  protocols?: Protocol[];
  preset?: Preset;
  profile?: Profile;
  /** Of one operation, for runs that begin; one that was begun keeps its own. Default: the machine's. */
  threads?: number;
  dataDir: string;
  /** A file of weights that every run starts from. */
  init?: string;
  /** Of training steps. Default: float32. */
  precision?: Precision;
  /** Settings of the recipe to change, by name. */
  set?: Readonly<Record<string, OptionValue>>;
  /** At most so many epochs. */
  budget?: EpochBudget;
}

/** A run with its name, place and signature. */
export interface PlannedRun {
  request: RunRequest;
  prepared: PreparedRun;
  /** Digest of all that decides the result. */
  signature: string;
  /** What the signature is a digest of. */
  settings: Record<string, unknown>;
  precision: Precision;
  /** Fixed when the run was begun. */
  threads: number;
  runId: string;
  folder: string;
}

/**
 * Expands an entry, whose rows stand on its own runs, into runs: rows x tasks x folds x protocols x seeds, the data read once. Throws
 * UserError for what the entry does not have.
 */
export function planRuns(entry: ExperimentEntry, paper: Paper, options: PlanOptions): PlannedRun[] {
  const requests = requestsOf(entry, expand(entry, options), paper, options);
  const folders = new RunFolders();
  return whilePlanning(() => requests.map((request) => planRun(paper, request, options.threads, folders)));
}

/** What each run is asked for: its cell, with the settings that hold for all. Reads no data. */
export function requestsOf(
  entry: ExperimentEntry,
  cells: readonly RunCell[],
  paper: Paper,
  options: PlanOptions,
): RunRequest[] {
  const { profile = "full", dataDir, init, precision = "float32", set = {}, budget } = options;
  const preset = options.preset ?? (entry.presets.includes("paper") ? "paper" : entry.presets[0]!);
  requireChoice("--preset", preset, entry.presets, entry.id, "preset");
  if (budget && Object.hasOwn(set, "epochs"))
    throw new UserError("--budget and --set epochs both decide the epochs; leave one out");
  const plain = cells.map(({ protocol, seed, ...cell }): RunRequest => {
    return {
      ...{ ...cell, protocol, preset, profile, seed, dataDir },
      ...(init !== undefined && { init }),
      ...(precision !== "float32" && { precision }),
      ...(budget && { budget }),
    };
  });
  const tuned = (request: RunRequest): RunRequest => {
    const { tunedBy } = entry.rows.find(({ name }) => name === request.row) ?? {};
    return tunedBy ? { ...request, tuned: tunedSettings(request, tunedBy) } : request;
  };
  if (Object.keys(set).length === 0) return plain.map(tuned);
  return plain.map((request) => {
    const { experiment, row } = request;
    const others = Object.fromEntries(
      entry.rows
        .filter(({ name, state, runs }) => name !== row && state === "built" && !runs)
        .map(({ name }) => [name, paper.options?.({ ...request, row: name }) ?? {}]),
    );
    const asked = { experiment, row, preset, ...(init !== undefined && { init }), others };
    const changed = settingsOf(set, { ...asked, options: paper.options?.(request) ?? {} });
    return tuned(changed ? { ...request, set: changed } : request);
  });
}

/** One run. @param threads for a run that begins */
export function planRun(
  paper: Paper,
  request: RunRequest,
  threads?: number,
  folders: RunFolders = new RunFolders(),
): PlannedRun {
  const precision = precisionNamed(request.precision ?? "float32");
  const prepared = prepareRun(paper, request);
  if (request.init !== undefined && !prepared.init)
    throw new UserError(
      `--init ${request.init}: "${request.row}" of ${request.experiment} does not start from weights`,
    );
  if (precision !== (prepared.precision ?? "float32"))
    throw new UserError(
      `--precision ${precision}: "${request.row}" of ${request.experiment} is trained in ${prepared.precision ?? "float32"} alone`,
    );
  const { signature, settings } = signatureOf(prepared, precision);
  const { experiment, row, task, fold, protocol, profile, seed } = request;
  const words = [experiment, row, task, ...(fold !== undefined ? [fold] : []), protocol, profile, `seed${seed}`];
  const runId = folders.idOf(signature, words.map(slug).join("_"));
  const folder = folders.folderOf(runId);
  const kept = readPlan(folder)?.threads ?? threads ?? usualThreads();
  return { request, prepared, signature, settings, precision, threads: kept, runId, folder };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
