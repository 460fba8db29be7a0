import { UserError } from "../userError.js";
import type { Problem } from "./problem.js";
import { checkSprSound } from "./sprsound/check.js";
import { sprSoundCheckTable } from "./sprsound/checkTable.js";

export interface DatasetCheck {
  /** What `data check NAME --json` prints. */
  result: { name: string; recordings: number; patients: number; events: number; problems: Problem[] };
  /** The same for people. */
  text: string;
  /** Problems that keep the data set from being used. */
  errors: number;
}

const CHECKS: Readonly<Record<string, (dataDir: string) => Omit<DatasetCheck, "errors">>> = {
  sprsound: (dataDir) => {
    const result = checkSprSound(dataDir);
    return { result, text: sprSoundCheckTable(result) };
  },
};

/**
 * Validates a data set by name.
 * @param dataDir the folder that holds the data sets
 * @throws UserError for an unknown name, and where there is no such data set
 */
export function checkDataset(name: string, dataDir: string): DatasetCheck {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (!check) throw new UserError(`unknown data set "${name}"; known: ${Object.keys(CHECKS).join(", ")}`);
  const { result, text } = check(dataDir);
  return { result, text, errors: result.problems.filter(({ severity }) => severity === "error").length };
}
