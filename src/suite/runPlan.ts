import { existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { describeDifferences, differences, type Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";
import { isDone } from "./running/doneMarker.js";

/** What was fixed when a run was begun, and is kept by all its sittings: `plan.json` of its folder. */
export interface RunPlan {
  format: typeof FORMAT;
  signature: string;
  /** Of one operation: their number decides the order of sums. */
  threads: number;
  precision: Precision;
  /** What the signature is a digest of. */
  settings: Record<string, unknown>;
}

const FORMAT = 1;
const PLAN_FILE = "plan.json";

/** As many threads as the machine has processors, unless TensorFlow's own variable says otherwise. */
export function usualThreads(): number {
  return Number(process.env.TF_NUM_INTRAOP_THREADS) || os.availableParallelism();
}

/** The plan of a run folder, or undefined where none was begun. Throws an Error that names a damaged file. */
export function readPlan(folder: string): RunPlan | undefined {
  const file = path.join(folder, PLAN_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const plan = JSON.parse(readFileSync(file, "utf8")) as RunPlan;
    if (plan.format === FORMAT) return plan;
    throw new Error(`format ${plan.format}, this version reads ${FORMAT}`);
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as Error).message}); delete its folder to begin the run anew`);
  }
}

/**
 * Keeps the plan of a run that begins. Throws UserError, saying what differs, where the folder holds another run's.
 *
 * @returns whether it begins, or goes on
 */
export function keepPlan(folder: string, plan: Omit<RunPlan, "format">): "begins" | "goes on" {
  const before = readPlan(folder);
  if (!before) {
    writeJsonAtomic(path.join(folder, PLAN_FILE), { format: FORMAT, ...plan } satisfies RunPlan);
    return "begins";
  }
  const others = differences(decisive(before), decisive(plan));
  if (others.length === 0 && before.signature === plan.signature) return "goes on";
  throw new UserError(
    `${folder} belongs to another run: ${describeDifferences(others) || `signature was ${before.signature}, is ${plan.signature}`}. Ask for what it was to go on with it, or remove the folder`,
  );
}

/**
 * Runs that were begun and not finished, and differ from a new one in their settings, precision, data or split alone: people who
 * change one of these may think that they go on with what they began. A sentence each.
 */
export function begunOtherwise(folder: string, begins: Pick<RunPlan, "settings" | "precision">): string[] {
  const [words] = /^.*_/.exec(path.basename(folder))!;
  const runs = path.dirname(folder);
  return readdirSync(runs)
    .filter((name) => name.startsWith(words) && name !== path.basename(folder))
    .filter((name) => !isDone(path.join(runs, name)))
    .flatMap((name) => {
      const plan = planIfWhole(path.join(runs, name));
      if (!plan) return [];
      const found = describeDifferences(differences(decisive(plan), decisive(begins)));
      return [`this is a new run; it does not go on with ${name}, which was begun and differs: ${found}`];
    });
}

/** A damaged one is told to whoever asks for that run. */
function planIfWhole(folder: string): RunPlan | undefined {
  try {
    return readPlan(folder);
  } catch {
    return undefined;
  }
}

/** What decides the result, by name; the precision by its own, which settings leave out where it is float32. */
function decisive({ settings, precision }: Pick<RunPlan, "settings" | "precision">): Record<string, unknown> {
  return { ...settings, precision };
}
