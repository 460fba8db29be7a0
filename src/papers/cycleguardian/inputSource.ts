import { loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import type { Example, Item } from "../../datasets/roles.js";
import type { Streams } from "../../random/streams.js";
import { type PreparedBatches, prepareBatches } from "../../training/preparedBatches.js";
import type { Preset, RunContext } from "../paper.js";
import type { TestPath } from "../testPath.js";
import { ADAPTED_INPUT, adaptedTestPath } from "./adapter.js";
import { adaptedInputWriter, adaptedItems, adaptedTrainingItems } from "./adapterInputs.js";
import { storedCycles } from "./clips.js";
import { cycleguardianInput, cycleguardianTestPath } from "./frontEnd.js";
import { cycleItems, cyclePadding, cycleTrainingItems, trainedFrom } from "./inputs.js";
import type { CycleguardianRecipe } from "./recipe.js";

export interface InputSourceOptions {
  dataDir: string;
  preset: Preset;
  recipe: CycleguardianRecipe;
  classes: number;
  stepsPerEpoch: number;
  streams: Streams;
}

/** What a run's network is fed with. */
export interface InputSource {
  /** Training batches that worker threads make. */
  batches: PreparedBatches;
  /** Writes what is evaluated of an item. */
  write(item: Item, out: Float32Array, offset: number): void;
  /** Must be called when the run is over, however it ended. */
  close(): Promise<void>;
}

/** `[rows, frames, channels]` of the network's input. */
export function inputShapeOf({ input }: CycleguardianRecipe, preset: Preset): readonly [number, number, number] {
  return input === "audio" ? cycleguardianInput(preset) : ADAPTED_INPUT;
}

/** How a run cuts what is evaluated, which is not how single clips are taken. */
export const CUT: Readonly<Record<CycleguardianRecipe["input"], string>> = {
  audio: "cycles from the resampled recording",
  "icbhi-logmel": "cycles from the band-limited recording",
};

/** From a clip to what is evaluated of it. */
export function testPathOf({ input }: CycleguardianRecipe, preset: Preset): TestPath {
  return input === "audio" ? cycleguardianTestPath(preset) : adaptedTestPath();
}

/** @param evaluated every item that will be written */
export async function openInputs(
  training: readonly Example<"train">[],
  evaluated: readonly Item[],
  options: InputSourceOptions,
  context: Pick<RunContext, "signal" | "progress">,
): Promise<InputSource> {
  const { preset, recipe, classes, stepsPerEpoch, streams } = options;
  const ring = {
    ...{ inputShape: inputShapeOf(recipe, preset), classes, epochs: recipe.epochs, stepsPerEpoch },
    workers: WORKERS[recipe.input],
  };
  const { augmentation, batchSize } = recipe;
  if (recipe.input === "icbhi-logmel") {
    const maps = loadIcbhiLogmel(options.dataDir);
    try {
      const made = { preset, augmentation, padding: "tile" as const, batchSize };
      const batches = await prepareBatches({
        program: adaptedItems,
        options: adaptedTrainingItems(training, maps, made, classes, streams),
        ...ring,
      });
      const write = adaptedInputWriter(maps);
      return {
        batches,
        write,
        async close() {
          await batches.close();
          maps.close();
        },
      };
    } catch (error) {
      maps.close();
      throw error;
    }
  }
  const made = { preset, augmentation, padding: cyclePadding(preset), batchSize };
  const trained = await storedCycles(trainedFrom(made), preset, training, context);
  const looked = await storedCycles("map", preset, evaluated, context);
  const batches = await prepareBatches({
    program: cycleItems,
    options: cycleTrainingItems(training, trained, made, classes, streams),
    ...ring,
  });
  return {
    batches,
    write: (item, out, offset) => out.set(looked.map(item), offset),
    close: () => batches.close(),
  };
}

/** Threads that make batches beside the step: three spectrograms of 8 s take a core's time, stored maps hardly any. */
const WORKERS = { audio: 2, "icbhi-logmel": 1 } as const;
