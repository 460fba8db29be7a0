import { dataFolder } from "../node/paths.js";
import { nearest } from "../suite/nearest.js";
import type { PlanOptions } from "../suite/plan.js";
import { UserError } from "../userError.js";

/** Which runs a cell trains: the options of `auscult run`, by the names that TypeScript completes; `dataDir` is found as there. */
export type TrainingOptions = Omit<PlanOptions, "dataDir"> & { dataDir?: string };

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  protocols: ["honest", "published"],
  preset: ["paper", "authors"],
  profile: ["smoke", "quick", "full"],
  precision: ["float32", "bf16"],
};
const NAMES = [
  "rows",
  "tasks",
  "folds",
  "seeds",
  "threads",
  "dataDir",
  "init",
  "set",
  "budget",
  ...Object.keys(CHOICES),
];

/**
 * The options as the suite takes them. Cells are type-checked, but values read from a file or cast are not: throws UserError, with the
 * nearest names, for an option or a choice that there is not, and for numbers that cannot be.
 */
export function planOf(options: TrainingOptions): PlanOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!NAMES.includes(name))
      throw new UserError(`There is no option "${name}"${nearest(name, NAMES)}; there are ${NAMES.join(", ")}.`);
    const known = CHOICES[name];
    for (const one of value === undefined || !known ? [] : [value].flat())
      if (!known!.includes(String(one)))
        throw new UserError(`${name}: "${one}" is none of ${known!.join(", ")}${nearest(String(one), known!)}.`);
  }
  for (const seed of options.seeds ?? [])
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new UserError(`seeds: ${seed} must be a whole number, 0 or more.`);
  if (options.threads !== undefined && !(Number.isInteger(options.threads) && options.threads >= 1))
    throw new UserError(`threads: ${options.threads} must be a whole number, 1 or more.`);
  return { ...options, dataDir: dataFolder(options.dataDir) };
}

/** What an option of the command line is called in a cell. */
const IN_CELLS: Readonly<Record<string, string>> = {
  "--row": "rows",
  "--task": "tasks",
  "--fold": "folds",
  "--set": "set",
  "--budget": "budget",
  "--init": "init",
  "--precision": "precision",
  "--data DIR": "the option dataDir",
};

/** A message of the suite, which names the command line's options, with those of a cell. */
export function inWordsOfCells(message: string): string {
  return message.replace(
    /--(row|task|fold|set|budget|init|precision|data DIR)(?![-\w])/g,
    (option) => IN_CELLS[option]!,
  );
}
