import path from "node:path";
import type { Item, SealedTestSet } from "../../datasets/roles.js";
import type { SprSoundRecording } from "../../datasets/sprsound/load.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { recordingToShow } from "../../datasets/sprsound/typeChange.js";
import { WINDOW_SECONDS } from "../../datasets/sprsound/windows.js";
import { type SecondsOf, windowItemsOf } from "../../datasets/sprsound/windowTask.js";
import { integratedLabel, integratedRecords, type WindowedRecording } from "../../evaluation/sprsoundRecords.js";
import { type ShownRecording, type WindowsFile, writeWindows } from "../../evaluation/windowsFile.js";
import { Streams } from "../../random/streams.js";
import { breathe } from "../../training/train.js";
import { evenly } from "../evenly.js";
import { type LoadedModel, loadModel, MAPS_AT_ONCE } from "../loadModel.js";
import type { RunContext } from "../paper.js";
import type { RunResult } from "../runResult.js";
import { TestOpenings } from "../testOpenings.js";
import { RESAMPLES } from "../trainAndTest.js";
import { type ClassifierRun, runClassifier } from "./classifierRun.js";
import { storedMaps } from "./maps.js";

export interface WindowRun extends ClassifierRun {
  /** The recordings as tasks 21 and 22 have them, whose windows are classified. */
  records: Pick<SprSoundSplit, "task" | "tests">;
  /** Recordings with their annotations, one of which is drawn: asked for when the test sets were opened. */
  annotated: () => readonly SprSoundRecording[];
  secondsOf: SecondsOf;
}

/**
 * A classifier of windows, then what its windows make of the test recordings (papers.md 3.8): the chosen epoch's model is taken as it was
 * saved, each recording's windows of 3 s are classified every second, and both steps are integrated from the same decisions. Windows are
 * cut at their centre, whatever the recipe does with longer clips: they are a frame longer than the input.
 */
export async function runWindows(run: WindowRun, context: RunContext): Promise<RunResult> {
  const { records, annotated, secondsOf, ...classifier } = run;
  const result = await runClassifier(classifier, context);
  const started = performance.now();
  const { recipe } = classifier;
  const { task } = records;
  const openings = new TestOpenings(path.join(context.runFolder, "testOpenings.jsonl"));
  const model = await loadModel(path.join(context.runFolder, "model"));
  const windowed: Record<string, WindowedRecording[]> = {};
  const file: WindowsFile = {
    ...{ format: 2, task: task.id as "21" | "22", labels: task.labels },
    ...{ windowSeconds: WINDOW_SECONDS, stepSeconds: 1, sets: {} },
  };
  try {
    for (const [name, set] of Object.entries(records.tests) as [string, SealedTestSet][]) {
      const items = evenly(set.items(), recipe.testItems);
      const decisions = await windowDecisions(items, { recipe, secondsOf, model, context, what: name });
      const purpose = `chosen epoch ${result.chosenEpoch}, records integrated from windows`;
      const opened = evenly(
        set.open(purpose, (touch) => openings.record(touch)),
        recipe.testItems,
      );
      windowed[name] = opened.map(({ label, patient }, i) => ({ label, patient, windows: decisions[i]! }));
      file.sets[name] = items.map(({ recording }, i) => {
        const windows = decisions[i]!;
        return { recording, windows, decided: integratedLabel(task, windows) };
      });
    }
  } finally {
    model.dispose();
  }
  const shown = shownOf(annotated(), secondsOf, file.sets.inter ?? []);
  context.recorder.artifact(writeWindows(context.runFolder, { ...file, ...(shown && { shown }) }));
  return {
    ...result,
    records: integratedRecords(windowed, task, { draws: RESAMPLES, streams: new Streams(run.seed) }),
    seconds: result.seconds + (performance.now() - started) / 1000,
    testOpenings: openings.all(),
  };
}

function shownOf(
  recordings: readonly SprSoundRecording[],
  secondsOf: SecondsOf,
  windowed: readonly { recording: string }[],
): ShownRecording | undefined {
  const names = new Set(windowed.map(({ recording }) => recording));
  const found = recordingToShow(
    recordings.filter(({ name }) => names.has(name)),
    secondsOf,
  );
  if (!found) return undefined;
  const { name, recordLabel, events } = found;
  return { recording: name, seconds: secondsOf(found), recordLabel, events };
}

interface Classifying extends Pick<WindowRun, "recipe" | "secondsOf"> {
  model: LoadedModel;
  context: RunContext;
  /** The test set, for the progress. */
  what: string;
}

/** Index of the label of each window of each recording. */
async function windowDecisions(
  recordings: readonly Item[],
  { recipe, secondsOf, model, context, what }: Classifying,
): Promise<number[][]> {
  const windows = recordings.map((recording) => windowItemsOf(recording, secondsOf, { windowSeconds: WINDOW_SECONDS }));
  const all = windows.flat();
  const maps = await storedMaps(all, context);
  const decided: number[] = [];
  const began = performance.now();
  for (let at = 0; at < all.length; at += MAPS_AT_ONCE) {
    const inputs = all.slice(at, at + MAPS_AT_ONCE).map((item) => {
      const input = new Float32Array(maps.rows * recipe.frames);
      maps.write(item, recipe.frames, "centre", input, 0);
      return input;
    });
    for (const answer of model.classifyMaps(inputs)) decided.push(model.labelOf([answer]));
    const detail = `windows of ${what}, ${decided.length} of ${all.length}`;
    const fraction = decided.length / all.length;
    const secondsLeft = (((performance.now() - began) / 1000) * (1 - fraction)) / fraction;
    context.progress({ phase: "windows", fraction, secondsLeft, detail });
    await breathe(context.signal, detail);
  }
  let next = 0;
  return windows.map((own) => own.map(() => decided[next++]!));
}
