import { UserError } from "../userError.js";
import type { AudioRead } from "./audioFindings.js";
import type { CheckOptions } from "./audioScan.js";
import { checkIcbhi } from "./icbhi/check.js";
import { icbhiCheckTable } from "./icbhi/checkTable.js";
import { checkIcbhiLogmel } from "./icbhiLogmel/check.js";
import { icbhiLogmelCheckTable } from "./icbhiLogmel/checkTable.js";
import type { Problem } from "./problem.js";
import { checkSprSound } from "./sprsound/check.js";
import { sprSoundCheckTable } from "./sprsound/checkTable.js";

export interface DatasetCheck {
  /** What `data check NAME --json` prints. */
  result: {
    name: string;
    recordings: number;
    patients: number;
    events: number;
    byClass: object;
    bySplit: object;
    audio: AudioRead;
    problems: Problem[];
  };
  /** The same for people. */
  text: string;
  /** Problems that keep the data set from being used. */
  errors: number;
}

type Check = (dataDir: string, options: CheckOptions) => Promise<Omit<DatasetCheck, "errors">>;

const CHECKS: Readonly<Record<string, Check>> = {
  icbhi: async (dataDir, options) => {
    const result = await checkIcbhi(dataDir, options);
    return { result, text: icbhiCheckTable(result) };
  },
  "icbhi-logmel": async (dataDir, options) => {
    const result = await checkIcbhiLogmel(dataDir, options);
    return { result, text: icbhiLogmelCheckTable(result) };
  },
  sprsound: async (dataDir, options) => {
    const result = await checkSprSound(dataDir, options);
    return { result, text: sprSoundCheckTable(result) };
  },
};

/** Names of the data sets that can be checked. */
export const CHECKED_DATASETS: readonly string[] = Object.keys(CHECKS);

/**
 * Validates a data set by name.
 * @param dataDir the folder that holds the data sets
 * @throws UserError for an unknown name, and where there is no such data set; DOMException (AbortError) when the signal is
 *   aborted
 */
export async function checkDataset(name: string, dataDir: string, options: CheckOptions = {}): Promise<DatasetCheck> {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (!check) throw new UserError(`unknown data set "${name}"; known: ${CHECKED_DATASETS.join(", ")}`);
  const { result, text } = await check(dataDir, options);
  return { result, text, errors: result.problems.filter(({ severity }) => severity === "error").length };
}
