import { drawAlignment } from "../../audio/align.js";
import { applyAlignment } from "../../audio/alignment.js";
import type { Clip, ClipAugmentation } from "../../augment/augmentation.js";
import { assertRole, type Example } from "../../datasets/roles.js";
import type { Json } from "../../features/canonicalJson.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { openShared } from "../../node/featureStore/storedSet.js";
import { Streams } from "../../random/streams.js";
import type { Preset } from "../paper.js";
import { type ItemAt, type ShuffledItemsOptions, shuffledItems } from "../shuffledItems.js";
import { type StoredItems, type WorkerExamples, workerExamples } from "../storedItems.js";
import { type Augmentations, cycleguardianAugmentation } from "./augmentation.js";
import type { StoredCycle } from "./clips.js";
import { type CyclePadding, cycleguardianAlignment, cycleguardianFrontEnd, cycleguardianInput } from "./frontEnd.js";

/** How training inputs are made of cycles. */
export interface CycleInputRecipe {
  preset: Preset;
  augmentation: Augmentations;
  /** Of cycles shorter than 8 s, in training; at test time they are tiled. */
  padding: CyclePadding;
  batchSize: number;
}

/** The paper appends random pieces of the cycle itself, its code tiles (papers.md 1.2). */
export function cyclePadding(preset: Preset): CyclePadding {
  return preset === "paper" ? "random-self-segments" : "tile";
}

/** What training needs of a cycle: its samples where they are changed or padded at random, else its stored map. */
export function trainedFrom({ preset, augmentation, padding }: Omit<CycleInputRecipe, "batchSize">): StoredCycle {
  const { cycle, clip } = cycleguardianAugmentation(preset, augmentation);
  return cycle || clip || padding !== "tile" ? "waveform" : "map";
}

/** What worker threads need to make training batches. */
export interface CycleItemsOptions extends WorkerExamples, ShuffledItemsOptions, CycleInputRecipe {}

/**
 * @param stored of kind `trainedFrom(recipe)`
 * @throws TypeError for an example of another role, whatever the compiler was told; RangeError for stored items of the other kind
 */
export function cycleTrainingItems(
  examples: readonly Example<"train">[],
  stored: StoredItems,
  recipe: CycleInputRecipe,
  classes: number,
  { seed }: Streams,
): CycleItemsOptions {
  assertRole(examples, "train");
  const rows = trainedFrom(recipe) === "map" ? cycleguardianInput(recipe.preset)[0] : 1;
  if (stored.rows !== rows) throw new RangeError(`stored cycles have ${stored.rows} rows; this recipe takes ${rows}`);
  const { preset, augmentation, padding, batchSize } = recipe;
  return { ...workerExamples(examples, stored), preset, augmentation, padding, batchSize, classes, seed };
}

/**
 * Training batches from audio (papers.md 1.2, 1.5): a cycle, its waveform operation, brought to 8 s, the shift where the preset has it there,
 * the three channels in single precision, the mask. Every example once an epoch. A batch is a function of the seed, the epoch and the step alone.
 */
export const cycleItems: ItemsProgram<CycleItemsOptions> = {
  file: "src/papers/cycleguardian/inputs.ts",
  name: "cycleItems",
  make(options) {
    const { preset, padding, places } = options;
    const recipe = cycleguardianAugmentation(preset, options.augmentation);
    const shape = cycleguardianInput(preset);
    const stored = "map" in options.maps ? options.maps : openShared(options.maps);
    if (trainedFrom(options) === "map") {
      return shuffledItems(options, recipe, shape, (example, _, __, input) => input.set(stored.map(places[example]!)));
    }
    // A batch's maps take as long as its step otherwise.
    const frontEnd = cycleguardianFrontEnd(preset, "single");
    const { sampleRateHz } = frontEnd;
    const alignment = cycleguardianAlignment(preset, padding);
    const streams = new Streams(options.seed);
    const toLength = (samples: Float32Array, { epoch, step, item }: ItemAt) => {
      const rng = streams.stream("pad", epoch, step, item);
      return applyAlignment(samples, drawAlignment(samples.length, alignment, rng))[0]!;
    };
    return shuffledItems(options, recipe, shape, (example, at, drawOf, input) => {
      const whole: Clip = { samples: stored.map(places[example]!), sampleRateHz };
      const cycle = changed(whole, recipe.cycle, drawOf("cycle", at));
      const eightSeconds: Clip = { samples: toLength(cycle.samples, at), sampleRateHz };
      frontEnd.compute(changed(eightSeconds, recipe.clip, drawOf("clip", at)).samples, input);
    });
  },
};

function changed(clip: Clip, augmentation: ClipAugmentation | undefined, parameters: Json): Clip {
  return augmentation ? augmentation.apply(clip, parameters) : clip;
}
