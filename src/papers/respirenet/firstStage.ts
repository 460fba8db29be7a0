import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CAMS_FILE } from "../../explain/camFiles.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { SILENT } from "../../training/silentRecorder.js";
import { UserError } from "../../userError.js";
import type { PreparedRun, RunContext } from "../paper.js";
import { recordEpoch } from "../recordEpoch.js";
import type { RunResult } from "../runResult.js";
import type { SharedStage } from "../sharedStage.js";

/** The stage's name among those of its run. */
export const FIRST_STAGE = "firstStage";

const RESULT = "result.json";
/** What it leaves beside its result. */
const LEFT = ["model", "imageStatistics.json", "testOpenings.jsonl", CAMS_FILE] as const;

/**
 * A run of the table as a stage: trained, tested and kept once, both for its own row and for the row that is fine-tuned from it.
 *
 * @param run as it would be carried out by itself
 */
export function firstStage({ identity, work, probe, execute }: PreparedRun): SharedStage {
  return {
    name: FIRST_STAGE,
    identity,
    ...(work && { work }),
    ...(probe && { probe }),
    async execute(context) {
      const result = await execute({ ...context, runFolder: context.folder, recorder: SILENT, stages: {} });
      writeJsonAtomic(path.join(context.folder, RESULT), result);
    },
  };
}

/** What the stage found. Throws UserError, saying how it is made anew, where its record cannot be read. */
export function readFirstStage(folder: string): RunResult {
  const file = path.join(folder, RESULT);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RunResult;
  } catch (error) {
    throw new UserError(
      `${file} cannot be read (${(error as Error).message}): remove the folder, and ask for the run again; it is made anew`,
      1,
    );
  }
}

/** The stage as the result of its own row: its epochs are reported, and its model is put into the run's folder. */
export function adoptFirstStage({ stages, runFolder, recorder, onEpoch }: RunContext): RunResult {
  const folder = stages[FIRST_STAGE]!;
  const result = readFirstStage(folder);
  for (const record of result.history) {
    recordEpoch(recorder, record);
    onEpoch?.(record);
  }
  for (const name of LEFT) {
    const from = path.join(folder, name);
    if (existsSync(from)) cpSync(from, path.join(runFolder, name), { recursive: true });
  }
  return result;
}
