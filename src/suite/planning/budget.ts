import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { mlrunsFolder } from "../../node/paths.js";
import type { EpochBudget } from "../../papers/paper.js";
import { epochsWithin, secondsOf, type TrainingWork, type UnitSeconds } from "../../papers/trainingWork.js";
import { UserError } from "../../userError.js";
import { durationWords, secondsUntilDone } from "./runCost.js";

/** What `--budget` asks for: hours for all runs of a table together, or epochs for each. */
export type Budget = { hours: number } | { epochs: number };

/** Reads "3", "0.5" (hours) or "12epochs". Throws UserError for anything else. */
export function readBudget(text: string): Budget {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(h|hours?|epochs?)?\s*$/.exec(text) ?? [];
  const value = Number(number);
  const isEpochs = unit?.startsWith("epoch");
  if (number === undefined || !(value > 0) || (isEpochs && !Number.isInteger(value)))
    throw new UserError(`--budget ${text}: must be hours above 0, such as 3 or 0.5, or whole epochs, such as 12epochs`);
  return isEpochs ? { epochs: value } : { hours: value };
}

/** Work that is to fit, a run's own or that of a stage that runs share, with what its units take. */
export interface BudgetedWork {
  work: TrainingWork;
  unit: UnitSeconds;
}

/**
 * The most epochs, equal for all runs, with which all of them and their stages fit into some hours, `jobs` at once; what has fewer epochs of
 * its own keeps those. A run of several stages shares its epochs among them as `perBudgetEpoch` says.
 *
 * @param runs how many there are
 * @returns undefined where all fit as they are
 * Throws UserError, saying what the least would be, where not even one epoch fits.
 */
export function equalEpochs(
  works: readonly BudgetedWork[],
  { hours, jobs, experiment, runs }: { hours: number; jobs: number; experiment: string; runs: number },
): number | undefined {
  const needed = (epochs: number) =>
    secondsUntilDone(
      works.map(({ work, unit }) => secondsOf({ ...work, epochs: epochsWithin(epochs, work) }, unit)),
      jobs,
    );
  const most = Math.ceil(Math.max(...works.map(({ work }) => work.epochs / (work.perBudgetEpoch ?? 1))));
  if (needed(most) <= hours * 3600) return undefined;
  if (needed(1) > hours * 3600)
    throw new UserError(
      `--budget ${hours}: one epoch of each of ${runs} run${runs === 1 ? "" : "s"} of ${experiment} takes ${durationWords(needed(1))}; the least is --budget ${(Math.ceil(needed(1) / 36) / 100).toFixed(2)}, or fewer rows, tasks and seeds`,
    );
  let [fits, tooMany] = [1, most];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (needed(middle) <= hours * 3600) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

/**
 * Decides once: the same runs with the same hours keep the epochs that they were given, whatever is measured later, so that the same
 * command goes on with what it began.
 *
 * @param signatures of the runs with their own epochs
 */
export function decidedBudget(
  asked: { signatures: readonly string[]; hours: number; jobs: number },
  decide: () => number | undefined,
): EpochBudget | undefined {
  const { signatures, hours, jobs } = asked;
  const text = JSON.stringify([[...signatures].sort(), hours, jobs]);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const file = path.join(mlrunsFolder(), "budgets", `${digest}.json`);
  const kept = keptEpochs(file);
  const epochs = kept === undefined ? (decide() ?? null) : kept;
  if (kept === undefined) writeJsonAtomic(file, { epochs, hours, jobs, runs: signatures.length });
  if (epochs === null) return undefined;
  return { epochs, says: `${hours} h for ${signatures.length} run${signatures.length === 1 ? "" : "s"}` };
}

function keptEpochs(file: string): number | null | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { epochs } = JSON.parse(readFileSync(file, "utf8")) as { epochs: number | null };
    return epochs === null || (Number.isInteger(epochs) && epochs > 0) ? epochs : undefined;
  } catch {
    return undefined; // decided anew
  }
}
