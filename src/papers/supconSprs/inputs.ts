import { applyCropOrPad, centreCropOrPad, drawCropOrPad } from "../../augment/cropOrPad.js";
import { applyFlip, drawFlip } from "../../augment/flip.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import type { FeatureSet } from "../../features/store/featureSet.js";
import type { BatchItems, ItemsProgram } from "../../node/batches/batchItems.js";
import { mixUpItems } from "../../node/batches/mixUpItems.js";
import { openShared } from "../../node/featureStore/storedSet.js";
import { type Rng, Streams } from "../../random/streams.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import { StoredItems, type WorkerExamples, workerExamples } from "../storedItems.js";
import type { SupconRecipe } from "./recipe.js";

/** Stored maps that are brought to a number of frames. */
export class ItemMaps extends StoredItems {
  /** Writes the item's map as `[rows, frames]` at `offset`, cropped or padded where `place` says. */
  write(item: Item, frames: number, place: "centre" | Rng, out: Float32Array, offset: number): void {
    const index = this.indexOf(item);
    const framesIn = this.features.frames(index);
    const cut = place === "centre" ? centreCropOrPad(framesIn, frames) : drawCropOrPad(place, framesIn, frames);
    applyCropOrPad(this.features.map(index), this.rows, framesIn, frames, cut, out, offset);
  }
}

/** Class-balanced draws from some examples, flipped and cropped or padded at random (papers.md 3.5). */
export class DrawnViews {
  readonly rows: number;
  private readonly maps: FeatureSet;
  private readonly examples: WorkerExamples;
  private readonly drawsOf: (epoch: number) => Int32Array;
  private drawn: { epoch: number; draws: Int32Array } | undefined;

  /** @param drawsOf which examples are drawn in an epoch: `drawBalanced` of their labels */
  constructor(examples: WorkerExamples, drawsOf: (epoch: number) => Int32Array) {
    this.examples = examples;
    this.maps = "map" in examples.maps ? examples.maps : openShared(examples.maps);
    this.rows = this.maps.rows;
    this.drawsOf = drawsOf;
  }

  nameOf(epoch: number, draw: number): string {
    return this.examples.names[this.exampleOf(epoch, draw)]!;
  }

  /** Writes a view of a drawn example, `[rows, frames]`; answers its label. */
  write(
    at: { epoch: number; draw: number },
    { frames, flipProbability }: { frames: number; flipProbability: number },
    rng: Rng,
    out: Float32Array,
  ): number {
    const { rows, maps } = this;
    const example = this.exampleOf(at.epoch, at.draw);
    const place = this.examples.places[example]!;
    const framesIn = maps.frames(place);
    const cut = drawCropOrPad(rng, framesIn, frames);
    applyCropOrPad(maps.map(place), rows, framesIn, frames, cut, out);
    applyFlip(out, rows, frames, drawFlip(rng, flipProbability));
    return this.examples.labels[example]!;
  }

  private exampleOf(epoch: number, draw: number): number {
    if (this.drawn?.epoch !== epoch) this.drawn = { epoch, draws: this.drawsOf(epoch) };
    return this.drawn.draws[draw]!;
  }
}

/** What worker threads need to make the classifier's training batches. */
export interface SupconItemsOptions
  extends WorkerExamples,
    Pick<SupconRecipe, "batchSize" | "frames" | "flipProbability" | "mixUpAlpha"> {
  classes: number;
  stepsPerEpoch: number;
  seed: number;
}

/** @throws TypeError for an example of another role, whatever the compiler was told */
export function trainingItems(
  examples: readonly Example<"train">[],
  maps: ItemMaps,
  { batchSize, frames, flipProbability, mixUpAlpha }: SupconRecipe,
  classes: number,
  stepsPerEpoch: number,
  { seed }: Streams,
): SupconItemsOptions {
  assertRole(examples, "train");
  return {
    ...{ batchSize, frames, flipProbability, classes, stepsPerEpoch, seed },
    ...(mixUpAlpha !== undefined && { mixUpAlpha }),
    ...workerExamples(examples, maps),
  };
}

/**
 * The classifier's training batches: one view of each of `batchSize` class-balanced draws, mixed where MixUp is on. A batch is a
 * function of the seed, the epoch and the step alone.
 */
export const supconItems: ItemsProgram<SupconItemsOptions> = {
  file: "src/papers/supconSprs/inputs.ts",
  name: "supconItems",
  make(options) {
    const { batchSize, frames, classes, stepsPerEpoch, seed, mixUpAlpha } = options;
    const streams = new Streams(seed);
    const views = new DrawnViews(options, (epoch) =>
      drawBalanced(options.labels, stepsPerEpoch * batchSize, streams.stream("balanced", epoch)),
    );
    const items: BatchItems = {
      batchSize,
      inputSize: views.rows * frames,
      targetSize: classes,
      nameOf: (epoch, step, i) => views.nameOf(epoch, step * batchSize + i),
      write(epoch, step, i, input, target) {
        const draw = step * batchSize + i;
        target[views.write({ epoch, draw }, options, streams.stream("augment", epoch, draw), input)] = 1;
      },
    };
    return mixUpAlpha === undefined ? items : mixUpItems(items, { alpha: mixUpAlpha, seed });
  },
};
