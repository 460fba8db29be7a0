import { recordingSeconds } from "../../datasets/sprsound/recordingSeconds.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import type { SprSoundTask } from "../../datasets/sprsound/tasks.js";
import { type SecondsOf, windowItemsOf, windowSplit } from "../../datasets/sprsound/windowTask.js";
import { UserError } from "../../userError.js";
import { evenly } from "../evenly.js";
import { loadedOnce } from "../loadedOnce.js";
import type { RunData, RunRequest } from "../paper.js";
import { type RunInput, runInputsOf } from "../runInputs.js";
import type { Level, SupconRow } from "./recipe.js";
import { runDataOf, sprSoundIn } from "./runData.js";

/**
 * Of a row's inputs: windows are as long as events.
 * @throws UserError for windows of a task of events
 */
export function levelOf({ windows }: SupconRow, task: SprSoundTask): Level {
  if (!windows) return task.level;
  if (task.level === "record") return "event";
  throw new UserError(`windows are labelled for tasks 21 and 22 (whole recordings), not for ${task.id}`);
}

/** `splitOf` of the clips that a classifier of windows learns from. */
export function windowSplitOf({ dataDir, protocol }: RunRequest, task: SprSoundTask, seed: number): SprSoundSplit {
  const data = sprSoundIn(dataDir);
  return loadedOnce(["sprsound windows split", dataDir, task.id, protocol, protocol === "honest" ? 0 : seed], () =>
    windowSplit(data, task, protocol, { seed, secondsOf: recordingSeconds(data) }),
  );
}

/** `runDataOf` the clips. Table II was measured on inter2022 and intra2022, which are always there. */
export function windowDataOf(request: RunRequest, split: SprSoundSplit): RunData {
  const { printedTestSet: _, description, ...data } = runDataOf(request, split);
  const clips = description.replace(/ training .*$/, ` training ${split.unit}`);
  return { ...data, description: clips, hasPrintedTestSet: true };
}

/** How many windows the test recordings have, counted without opening the sets. */
export function windowCount(records: SprSoundSplit, secondsOf: SecondsOf, testItems: number | undefined): number {
  const items = Object.values(records.tests).flatMap((set) => evenly(set.items(), testItems));
  return items.reduce((sum, item) => sum + windowItemsOf(item, secondsOf).length, 0);
}

/** The test recordings as inputs of a run that was trained on clips of recordings. */
export function recordInputsOf(records: SprSoundSplit, testItems: number | undefined): RunInput[] {
  const used = { train: [], select: [], ...(testItems !== undefined && { testItems }) };
  return runInputsOf(records, used).map(({ set, ...input }) => ({ ...input, set: `${set} records` }));
}
