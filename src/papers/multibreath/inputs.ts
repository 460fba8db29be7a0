import { MAP_BYTES } from "../../datasets/icbhiLogmel/format.js";
import type { IcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import { type Standard, StandardMeter, standardise } from "../../features/normalise.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { openShared } from "../../node/featureStore/storedSet.js";
import { logmelWriter, sharedMapBytes } from "../logmelWriter.js";
import { type ShuffledItemsOptions, shuffledItems } from "../shuffledItems.js";
import { type StoredItems, type WorkerExamples, workerExamples } from "../storedItems.js";
import { ADAPTED_INPUT, writeAdaptedInput } from "./adapter.js";
import { multibreathAugmentation } from "./augmentation.js";
import type { StoredKind } from "./clips.js";
import { clipSamplesOf, multibreathClip, multibreathInputShape, SAMPLE_RATE_HZ } from "./frontEnd.js";
import type { MultibreathRecipe } from "./recipe.js";

type Stored = Pick<IcbhiLogmel, "rowOf" | "bytes">;

/** Where a run's cycles are: audio made into stored features, or the stored maps of all cycles. */
export type CycleSource = { stored: StoredItems } | { maps: Stored };

/** What worker threads need to make training batches. */
export interface MultibreathItemsOptions
  extends ShuffledItemsOptions,
    Pick<MultibreathRecipe, "frontEnd" | "frames" | "augmentation"> {
  /** Features of the cycles; or their stored maps, [examples, 90, 173]. */
  cycles: Pick<WorkerExamples, "maps" | "places"> | { bytes: Uint8Array };
  /** `[rows, frames, channels]` of an input. */
  shape: readonly [number, number, number];
  /** Absent for samples. */
  standard?: Standard;
}

/** Decibels, not scaled. */
const AS_THEY_ARE: Standard = { mean: [0], deviation: [1] };

type TrainedFrom = Pick<MultibreathRecipe, "input" | "frontEnd" | "frames" | "augmentation" | "batchSize">;

/** What is stored of clips for a recipe. */
export function storedKindOf({ input, frontEnd, frames, pooling }: MultibreathRecipe): StoredKind {
  return { input, frontEnd, frames, filters: pooling === "panns" ? "panns" : "htk" };
}

/** `[rows, frames, channels]` of the network's input. */
export function inputShapeOf(
  recipe: Pick<MultibreathRecipe, "input" | "frontEnd" | "frames">,
): readonly [number, number, number] {
  return recipe.input === "audio" ? multibreathInputShape(recipe) : ADAPTED_INPUT;
}

/** @throws TypeError for an example of another role; RangeError for a cycle without a map */
export function trainingOptions(
  examples: readonly Example<"train">[],
  source: CycleSource,
  recipe: TrainedFrom,
  { classes, seed, standard }: { classes: number; seed: number; standard: Standard | undefined },
): MultibreathItemsOptions {
  assertRole(examples, "train");
  const cycles =
    "stored" in source ? workerExamples(examples, source.stored) : { bytes: sharedMapBytes(examples, source.maps) };
  const { frontEnd, frames, augmentation, batchSize } = recipe;
  return {
    ...{
      cycles,
      shape: inputShapeOf(recipe),
      labels: examples.map(({ label }) => label),
      names: examples.map(({ id }) => id),
    },
    ...{ frontEnd, frames, augmentation, batchSize, classes, seed },
    ...(standard && { standard }),
  };
}

/**
 * Training batches (papers.md 2.2, 2.5): maps at the training set's mean and deviation, masked; or samples changed in speed and pitch, then
 * brought to 8 s. Every example once an epoch. A batch is a function of the seed, the epoch and the step alone.
 */
export const multibreathItems: ItemsProgram<MultibreathItemsOptions> = {
  file: "src/papers/multibreath/inputs.ts",
  name: "multibreathItems",
  make(options) {
    const { cycles, frontEnd, shape, standard, augmentation } = options;
    const recipe =
      augmentation === "none" ? { drawnPer: "item" as const } : multibreathAugmentation(frontEnd, augmentation);
    if ("bytes" in cycles) {
      const bytesOf = (example: number) => cycles.bytes.subarray(example * MAP_BYTES, (example + 1) * MAP_BYTES);
      return shuffledItems(options, recipe, shape, (example, _, __, input) =>
        writeAdaptedInput(bytesOf(example), standard!, input),
      );
    }
    const stored = "map" in cycles.maps ? cycles.maps : openShared(cycles.maps);
    const mapOf = (example: number) => stored.map(cycles.places[example]!);
    if (frontEnd === "mel") {
      return shuffledItems(options, recipe, shape, (example, _, __, input) => {
        input.set(mapOf(example));
        standardise(input, standard!);
      });
    }
    const length = clipSamplesOf(options);
    return shuffledItems(options, recipe, shape, (example, at, drawOf, input) => {
      const whole = { samples: mapOf(example), sampleRateHz: SAMPLE_RATE_HZ };
      const { samples } = recipe.cycle ? recipe.cycle.apply(whole, drawOf("cycle", at)) : whole;
      input.set(multibreathClip(samples, length));
    });
  },
};

/** Writes what is evaluated of a cycle. */
export function inputWriter(
  source: CycleSource,
  recipe: Pick<MultibreathRecipe, "frontEnd" | "frames">,
  standard: Standard | undefined,
): (item: Pick<Item, "id">, out: Float32Array, offset: number) => void {
  if ("maps" in source) {
    return logmelWriter(source.maps, (bytes, out, offset) => writeAdaptedInput(bytes, standard!, out, offset));
  }
  const { stored } = source;
  if (recipe.frontEnd === "learnable") {
    const length = clipSamplesOf(recipe);
    return (item, out, offset) => out.set(multibreathClip(stored.map(item), length), offset);
  }
  return (item, out, offset) => {
    const map = stored.map(item);
    out.set(map, offset);
    standardise(out.subarray(offset, offset + map.length), standard!);
  };
}

/** Mean and deviation over all decibels of the training cycles (decision 31); 0 and 1 where the network scales each batch. */
export function trainingStandard(
  examples: readonly Example<"train">[],
  source: CycleSource,
  { norm }: Pick<MultibreathRecipe, "norm">,
): Standard {
  if (norm === "batch-minmax") return AS_THEY_ARE;
  const meter = new StandardMeter();
  const map = new Float32Array(MAP_BYTES);
  const write =
    "maps" in source
      ? logmelWriter(source.maps, (bytes, out) => writeAdaptedInput(bytes, AS_THEY_ARE, out))
      : undefined;
  for (const example of examples) {
    if (write) write(example, map, 0);
    meter.add("stored" in source ? source.stored.map(example) : map);
  }
  return meter.result();
}
