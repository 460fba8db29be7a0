import { applyCropOrPad, centreCropOrPad, drawCropOrPad } from "../../augment/cropOrPad.js";
import { applyFlip, drawFlip } from "../../augment/flip.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import type { FeatureSet } from "../../features/store/featureSet.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { openShared, type SharableSet, type SharedSet } from "../../node/featureStore/storedSet.js";
import { type Rng, Streams } from "../../random/streams.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import type { SupconRecipe } from "./recipe.js";

/** Stored maps, found by the item they belong to. */
export class ItemMaps {
  readonly rows: number;
  private readonly features: FeatureSet | SharableSet;
  private readonly indexById: Map<string, number>;

  constructor(features: FeatureSet | SharableSet, items: readonly Item[]) {
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

  /** The maps as worker threads can have them, and where those of some items are among them. */
  forWorkers(items: readonly Item[]): { maps: SharedSet | FeatureSet; places: Int32Array } {
    const places = Int32Array.from(items, ({ id }) => this.indexById.get(id)!);
    return { maps: "shared" in this.features ? this.features.shared() : this.features, places };
  }
}

/** What worker threads need to make SupCon's training batches. */
export interface SupconItemsOptions extends Pick<SupconRecipe, "batchSize" | "frames" | "flipProbability"> {
  maps: SharedSet | FeatureSet;
  /** Of each example: its map, its label, its name. */
  places: Int32Array;
  labels: readonly number[];
  names: readonly string[];
  classes: number;
  stepsPerEpoch: number;
  seed: number;
}

/** @throws TypeError for an example of another role, whatever the compiler was told */
export function trainingItems(
  examples: readonly Example<"train">[],
  maps: ItemMaps,
  { batchSize, frames, flipProbability }: SupconRecipe,
  classes: number,
  stepsPerEpoch: number,
  { seed }: Streams,
): SupconItemsOptions {
  assertRole(examples, "train");
  return {
    ...{ batchSize, frames, flipProbability, classes, stepsPerEpoch, seed },
    ...maps.forWorkers(examples),
    labels: examples.map(({ label }) => label),
    names: examples.map(({ id }) => id),
  };
}

/**
 * Training batches of class-balanced draws, each flipped and cropped or padded at random (papers.md 3.5). A batch is a function of
 * the seed, the epoch and the step alone.
 */
export const supconItems: ItemsProgram<SupconItemsOptions> = {
  file: "src/papers/supconSprs/inputs.ts",
  name: "supconItems",
  make({ maps: given, places, labels, names, batchSize, frames, flipProbability, classes, stepsPerEpoch, seed }) {
    const maps = "map" in given ? given : openShared(given);
    const { rows } = maps;
    const streams = new Streams(seed);
    let drawn: { epoch: number; draws: Int32Array } | undefined;
    const exampleOf = (epoch: number, draw: number): number => {
      if (drawn?.epoch !== epoch) {
        drawn = { epoch, draws: drawBalanced(labels, stepsPerEpoch * batchSize, streams.stream("balanced", epoch)) };
      }
      return drawn.draws[draw]!;
    };
    return {
      batchSize,
      inputSize: rows * frames,
      targetSize: classes,
      nameOf: (epoch, step, i) => names[exampleOf(epoch, step * batchSize + i)]!,
      write(epoch, step, i, input, target) {
        const draw = step * batchSize + i;
        const example = exampleOf(epoch, draw);
        const rng = streams.stream("augment", epoch, draw);
        const framesIn = maps.frames(places[example]!);
        const cut = drawCropOrPad(rng, framesIn, frames);
        applyCropOrPad(maps.map(places[example]!), rows, framesIn, frames, cut, input);
        applyFlip(input, rows, frames, drawFlip(rng, flipProbability));
        target[labels[example]!] = 1;
      },
    };
  },
};
