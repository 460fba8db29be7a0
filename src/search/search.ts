import path from "node:path";
import type { SearchedTrial, SearchOutcome, SearchSettings } from "../papers/searchResult.js";
import type { SearchedValues } from "../papers/searchSpace.js";
import { TrialFailed } from "../papers/trialFailed.js";
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";
import { OptunaProcess } from "./optunaProcess.js";
import { requireGrid, requireSpace } from "./space.js";

/** Thrown by `report` to stop a trial early; an objective lets it pass. */
export class Pruned extends Error {}

/** A trial, for its objective. */
export interface OpenTrial {
  number: number;
  values: SearchedValues;
  /**
   * Told after each step, from 1 on. The same step may be told again, with the same value, by a trial that goes on after a kill. Throws
   * Pruned where the trial is to stop.
   */
  report(step: number, value: number): Promise<void>;
}

export interface SearchOptions extends SearchSettings {
  /** Where the journal of the search is; it must exist. */
  folder: string;
  signal: AbortSignal;
  /** Carries a trial out, or goes on with it, and answers its value: larger is better. Throws TrialFailed, and what stops the search. */
  objective(trial: OpenTrial): Promise<number>;
  /** Told of each trial that has ended, first of those of earlier sittings. */
  onTrial?(trial: SearchedTrial): void;
}

/** The journal, in Optuna's own format. */
const JOURNAL_FILE = "study.journal";

/**
 * Looks for the settings with the largest value, one trial after the other. However often it is killed on the way, at whatever moment, it
 * tries the same points and stops them at the same steps: a trial that was begun is gone on with, by its objective.
 *
 * Throws UserError for a space or a number that cannot be, for a folder with another search, and where Optuna is missing; Interrupted
 * when stopped.
 */
export async function search(options: SearchOptions): Promise<SearchOutcome> {
  const { folder, trials: wanted, seed, signal, onTrial } = options;
  requireSettings(options);
  const [optuna, before] = await OptunaProcess.open(path.join(folder, JOURNAL_FILE), options);
  try {
    for (const trial of before) {
      const ended = trial.state === "running" ? await carryOut(optuna, trial, options) : trial;
      onTrial?.(ended);
    }
    for (let begun = before.length; begun < wanted; begun++) {
      if (signal.aborted) throw new Interrupted(`stopped after ${begun} of ${wanted} trials`);
      const ended = await carryOut(optuna, await optuna.next(), options);
      onTrial?.(ended);
    }
    const trials = await optuna.trials();
    const best = bestOf(trials);
    return { trials, ...(best !== undefined && { best }), importance: await optuna.importance(seed) };
  } finally {
    await optuna.close();
  }
}

async function carryOut(
  optuna: OptunaProcess,
  { number, values }: { number: number; values: SearchedValues },
  { objective, maxSteps }: SearchOptions,
): Promise<SearchedTrial> {
  const reports: [number, number][] = [];
  const report = async (step: number, value: number) => {
    if (!Number.isFinite(value)) throw new RangeError(`trial ${number} reported ${value} at step ${step}`);
    if (!(step >= 1 && step <= maxSteps)) throw new RangeError(`trial ${number} reported step ${step} of ${maxSteps}`);
    const prune = await optuna.report(number, step, value);
    reports.push([step, value]);
    if (prune) throw new Pruned(`trial ${number} is stopped after step ${step}`);
  };
  const ended = { number, values, reports };
  try {
    const value = await objective({ number, values, report });
    if (!Number.isFinite(value)) throw new RangeError(`trial ${number} has the value ${value}`);
    await optuna.tell(number, "complete", value);
    return { ...ended, state: "complete", value };
  } catch (error) {
    if (error instanceof Pruned) {
      await optuna.tell(number, "pruned");
      return { ...ended, state: "pruned", value: reports.at(-1)![1] };
    }
    if (!(error instanceof TrialFailed)) throw error;
    await optuna.tell(number, "failed");
    return { ...ended, state: "failed" };
  }
}

/** The first of the best. */
function bestOf(trials: readonly SearchedTrial[]): number | undefined {
  const complete = trials.filter(({ state }) => state === "complete");
  return complete.reduce<SearchedTrial | undefined>(
    (best, trial) => (best && best.value! >= trial.value! ? best : trial),
    undefined,
  )?.number;
}

function requireSettings({ space, trials, maxSteps, startupTrials, seed, halving, sampler }: SearchSettings): void {
  requireSpace(space);
  if (sampler === "grid") requireGrid(space, trials);
  const counts = { trials, maxSteps, "halving.grace": halving.grace };
  for (const [name, value] of Object.entries(counts))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new UserError(`search: ${name} is ${value}, must be a whole number from 1`);
  if (!Number.isSafeInteger(halving.reduction) || halving.reduction < 2)
    throw new UserError(`search: halving.reduction is ${halving.reduction}, must be a whole number from 2`);
  for (const [name, value] of Object.entries({ startupTrials, seed }))
    if (!Number.isSafeInteger(value) || value < 0)
      throw new UserError(`search: ${name} is ${value}, must be a whole number from 0`);
}
