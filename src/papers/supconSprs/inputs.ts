import { applyCropOrPad, centreCropOrPad, drawCropOrPad } from "../../augment/cropOrPad.js";
import { applyFlip, drawFlip } from "../../augment/flip.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import type { FeatureSet } from "../../features/store/featureSet.js";
import type { Rng, Streams } from "../../random/streams.js";
import { tf } from "../../tensorflow.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import type { Batch } from "../../training/runStep.js";
import type { SupconRecipe } from "./recipe.js";

/** Stored maps, found by the item they belong to. */
export class ItemMaps {
  readonly rows: number;
  private readonly features: FeatureSet;
  private readonly indexById: Map<string, number>;

  constructor(features: FeatureSet, items: readonly Item[]) {
    this.features = features;
    this.rows = features.rows;
    this.indexById = new Map(items.map((item, index) => [item.id, index]));
  }

  /** Writes the item's map as `[rows, frames]` at `offset`, cropped or padded where `place` says. */
  write(item: Item, frames: number, place: "centre" | Rng, out: Float32Array, offset: number): void {
    const index = this.indexById.get(item.id)!;
    const framesIn = this.features.frames(index);
    const cut = place === "centre" ? centreCropOrPad(framesIn, frames) : drawCropOrPad(place, framesIn, frames);
    applyCropOrPad(this.features.map(index), this.rows, framesIn, frames, cut, out, offset);
  }
}

/**
 * Training batches of class-balanced draws, each flipped and cropped or padded at random (papers.md 3.5). A batch is a function of
 * the streams' seed, the epoch and the step alone.
 * @throws TypeError for an example of another role, whatever the compiler was told
 */
export function trainingBatches(
  examples: readonly Example<"train">[],
  maps: ItemMaps,
  recipe: SupconRecipe,
  classes: number,
  stepsPerEpoch: number,
  streams: Streams,
): (epoch: number, step: number) => Batch {
  assertRole(examples, "train");
  const labels = examples.map((example) => example.label);
  const { batchSize, frames, flipProbability } = recipe;
  const itemSize = maps.rows * frames;
  let drawn: { epoch: number; draws: Int32Array } | undefined;
  return (epoch, step) => {
    if (drawn?.epoch !== epoch) {
      drawn = { epoch, draws: drawBalanced(labels, stepsPerEpoch * batchSize, streams.stream("balanced", epoch)) };
    }
    const values = new Float32Array(batchSize * itemSize);
    const targets = new Float32Array(batchSize * classes);
    for (let i = 0; i < batchSize; i++) {
      const draw = step * batchSize + i;
      const example = examples[drawn.draws[draw]!]!;
      const rng = streams.stream("augment", epoch, draw);
      maps.write(example, frames, rng, values, i * itemSize);
      applyFlip(values, maps.rows, frames, drawFlip(rng, flipProbability), i * itemSize);
      targets[i * classes + example.label] = 1;
    }
    return {
      inputs: tf.tensor4d(values, [batchSize, maps.rows, frames, 1]),
      targets: tf.tensor2d(targets, [batchSize, classes]),
    };
  };
}

/** Every k-th item, at most `limit` of them, in order; all of them without a limit. */
export function evenly<T>(items: readonly T[], limit: number | undefined): readonly T[] {
  if (limit === undefined || items.length <= limit) return items;
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!);
}
