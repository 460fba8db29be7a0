import { loadSprSound } from "../../datasets/sprsound/load.js";
import { type SprSoundSplit, sprSoundSplit } from "../../datasets/sprsound/split.js";
import type { SprSoundTask } from "../../datasets/sprsound/tasks.js";
import { loadedOnce } from "../loadedOnce.js";
import type { RunData, RunRequest } from "../paper.js";

export const sprSoundIn = (dataDir: string) => loadedOnce(["sprsound", dataDir], () => loadSprSound(dataDir));

export function splitOf({ dataDir, protocol }: RunRequest, task: SprSoundTask, seed: number): SprSoundSplit {
  return loadedOnce(["sprsound split", dataDir, task.id, protocol, protocol === "honest" ? 0 : seed], () =>
    sprSoundSplit(sprSoundIn(dataDir), task, protocol, { seed }),
  );
}

/** The data of a run, for the tracker and the report. */
export function runDataOf({ dataDir }: RunRequest, split: SprSoundSplit): RunData {
  const { digest, madeUp } = sprSoundIn(dataDir);
  const later = split.tests.test2023 !== undefined;
  return {
    ...{ name: "sprsound", digest, madeUp },
    source: madeUp
      ? "made-up breath sounds (auscult data demo)"
      : `SPRSound, BioCAS 2022 ${later ? "and 2023 releases" : "release"}`,
    description: `${madeUp ? "made-up sounds in SPRSound's layout" : "SPRSound 2022"}: ${split.train.length} training ${split.task.level}s`,
    hasPrintedTestSet: later,
    ...(later && { printedTestSet: "test2023" }),
  };
}
