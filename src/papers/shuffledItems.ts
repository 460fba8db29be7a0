import { drawItems } from "../augment/drawItems.js";
import type { Json } from "../features/canonicalJson.js";
import type { BatchItems } from "../node/batches/batchItems.js";
import { Streams } from "../random/streams.js";
import { ShuffledBatches } from "../training/shuffledBatches.js";
import type { AugmentationRecipe } from "./augmentationRecipe.js";

/** Which cycles a batch holds, and what is done to their maps. */
export interface ShuffledItemsOptions {
  /** Of each example: its label, its name. */
  labels: readonly number[];
  names: readonly string[];
  classes: number;
  batchSize: number;
  seed: number;
}

/** Where an item stands in training. */
export interface ItemAt {
  epoch: number;
  step: number;
  /** In the batch. */
  item: number;
}

/** What an augmentation drew for an item; null where it changes nothing, or there is none. */
export type DrawOf = (stage: "cycle" | "clip" | "map", at: ItemAt) => Json;

/**
 * Batches of shuffled passes: every example once an epoch; the last batch of a pass is filled up with examples of its first one, so that all
 * batches have one size. Steps beyond a pass go through the same order again. Of the maps that `writeMap` writes, the mask of `recipe` is
 * applied here. A batch is a function of the seed, the epoch and the step alone.
 *
 * @param shape `[rows, frames, channels]` of a map
 * @param writeMap writes the map of an example
 * @throws UserError for fewer examples than a batch holds
 */
export function shuffledItems(
  { labels, names, classes, batchSize, seed }: ShuffledItemsOptions,
  recipe: AugmentationRecipe,
  shape: readonly [rows: number, frames: number, channels: number],
  writeMap: (example: number, at: ItemAt, drawOf: DrawOf, input: Float32Array) => void,
): BatchItems {
  const streams = new Streams(seed);
  const shuffled = new ShuffledBatches({ count: labels.length, batchSize }, streams);
  const [rows, frames, channels] = shape;
  let batch: { epoch: number; step: number; examples: number[]; draws: Record<string, Json[]> } | undefined;

  function batchOf(epoch: number, step: number) {
    if (batch?.epoch === epoch && batch.step === step) return batch;
    const examples = shuffled.indices(epoch, step % shuffled.stepsPerEpoch);
    const missing = batchSize - examples.length;
    if (missing > 0) examples.push(...shuffled.indices(epoch, 0).slice(0, missing));
    const draws: Record<string, Json[]> = {};
    for (const stage of ["cycle", "clip", "map"] as const) {
      const augmentation = recipe[stage];
      // A stage's draws are the same whichever others are on: rows of an ablation differ in nothing else.
      const at = { epoch, step, batchSize, per: recipe.drawnPer, purpose: `augment ${stage}` };
      if (augmentation) draws[stage] = drawItems(augmentation, streams, at);
    }
    batch = { epoch, step, examples, draws };
    return batch;
  }

  const drawOf: DrawOf = (stage, { epoch, step, item }) => batchOf(epoch, step).draws[stage]?.[item] ?? null;
  return {
    batchSize,
    inputSize: rows * frames * channels,
    targetSize: classes,
    nameOf: (epoch, step, item) => names[batchOf(epoch, step).examples[item]!]!,
    write(epoch, step, item, input, target) {
      const example = batchOf(epoch, step).examples[item]!;
      const at = { epoch, step, item };
      writeMap(example, at, drawOf, input);
      if (recipe.map) {
        const masked = recipe.map.apply({ data: input, rows, frames, channels }, drawOf("map", at));
        if (masked.data !== input) input.set(masked.data);
      }
      target[labels[example]!] = 1;
    },
  };
}
