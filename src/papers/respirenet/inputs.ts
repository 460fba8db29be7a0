import { align, drawAlignment } from "../../audio/align.js";
import { applyAlignment, type ShortRule } from "../../audio/alignment.js";
import type { Clip } from "../../augment/augmentation.js";
import type { Standard } from "../../features/normalise.js";
import type { FeatureSet } from "../../features/store/featureSet.js";
import type { BatchItems, ItemsProgram } from "../../node/batches/batchItems.js";
import { mixUpItems } from "../../node/batches/mixUpItems.js";
import { openShared, type SharedSet } from "../../node/featureStore/storedSet.js";
import { Streams } from "../../random/streams.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import type { Preset } from "../paper.js";
import { respirenetAugmentation } from "./augmentation.js";
import { clipSamples, respirenetFrontEnd, respirenetInputShape, SAMPLE_RATE_HZ } from "./frontEnd.js";
import type { RespirenetPadding, RespirenetRecipe } from "./recipe.js";
import type { Part, TrainingItem } from "./trainingItems.js";

/** What worker threads need to make training batches. */
export interface RespirenetItemsOptions
  extends Pick<
    RespirenetRecipe,
    "seconds" | "padding" | "imageScale" | "clipBlank" | "augmentation" | "balanced" | "batchSize" | "mixUpAlpha"
  > {
  preset: Preset;
  cycles: SharedSet | FeatureSet;
  /** Of each cycle among the stored ones, [cycles]. */
  places: Int32Array;
  items: readonly TrainingItem[];
  standard: Standard;
  classes: number;
  stepsPerEpoch: number;
  seed: number;
  /** Tells the random streams of a run's stages apart. */
  purpose: string;
}

/**
 * Training batches (papers.md 5.2, 5.5): an item of a class-balanced draw, brought to the clip's length, in half of the cases changed and brought
 * to it again, in half of the cases turned round, as a standardised picture. A batch is a function of the seed, the epoch and the step alone.
 */
export const respirenetItems: ItemsProgram<RespirenetItemsOptions> = {
  file: "src/papers/respirenet/inputs.ts",
  name: "respirenetItems",
  make(options) {
    const { items, batchSize, classes, stepsPerEpoch, seed, purpose, padding, standard, mixUpAlpha } = options;
    const streams = new Streams(seed);
    const stored = "map" in options.cycles ? options.cycles : openShared(options.cycles);
    const samplesOf = (cycle: number) => stored.map(options.places[cycle]!);
    const length = clipSamples(options);
    const { cycle, clip: turn } = respirenetAugmentation(options.preset);
    const stages = options.augmentation ? { cycle: cycle!, clip: turn! } : {};
    const frontEnd = respirenetFrontEnd({ imageScale: options.imageScale, clipBlank: options.clipBlank, standard });
    const labels = items.map(({ label }) => label);
    let drawn: { epoch: number; items: Int32Array } | undefined;

    function itemAt(epoch: number, step: number, index: number): TrainingItem {
      if (drawn?.epoch !== epoch) {
        const count = stepsPerEpoch * batchSize;
        const rng = streams.stream(`${purpose}draw`, epoch);
        drawn = { epoch, items: options.balanced ? drawBalanced(labels, count, rng) : passes(items.length, count, streams, epoch) }; // biome-ignore format: one line
      }
      return items[drawn.items[step * batchSize + index]!]!;
    }

    const made: BatchItems = {
      batchSize,
      inputSize: respirenetInputShape(options).reduce((product, size) => product * size, 1),
      targetSize: classes,
      nameOf: (epoch, step, index) => itemAt(epoch, step, index).name,
      write(epoch, step, index, input, target) {
        const item = itemAt(epoch, step, index);
        const raw = joined(item.parts, samplesOf);
        const rule = { length, short: FILLING[padding], long: "first" } as const;
        const rng = streams.stream(`${purpose}pad`, epoch, step, index);
        let clip: Clip = {
          samples: applyAlignment(raw, drawAlignment(raw.length, rule, rng))[0]!,
          sampleRateHz: SAMPLE_RATE_HZ,
        };
        for (const [stage, augmentation] of Object.entries(stages)) {
          const drawn = augmentation.draw(streams.stream(`${purpose}augment ${stage}`, epoch, step, index));
          const { samples } = augmentation.apply(clip, drawn);
          clip = { ...clip, samples: align(samples, { length, short: "tile", long: "first" })[0]! };
        }
        frontEnd.compute(clip.samples, input);
        target[item.label] = 1;
      },
    };
    return mixUpAlpha === undefined ? made : mixUpItems(made, { alpha: mixUpAlpha, seed });
  },
};

/** What is still missing when the neighbours have been appended is filled with repeats. */
export const FILLING: Readonly<Record<RespirenetPadding, ShortRule>> = {
  smart: "tile",
  zero: "zero-end",
  reflect: "reflect",
  "double-and-attach": "double-and-attach",
};

/** The parts one after the other, `[samples]`. */
export function joined(parts: readonly Part[], samplesOf: (cycle: number) => Float32Array): Float32Array {
  const pieces = parts.map(({ cycle, start, count }) => samplesOf(cycle).subarray(start, start + count));
  if (pieces.length === 1) return pieces[0]!;
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Every item once, in an order of the epoch, and again from the beginning where an epoch takes more. */
function passes(items: number, count: number, streams: Streams, epoch: number): Int32Array {
  const order = streams.stream("order", epoch).shuffle(Array.from({ length: items }, (_, i) => i));
  return Int32Array.from({ length: count }, (_, i) => order[i % items]!);
}
