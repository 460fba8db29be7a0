import { drawAlignment } from "../../audio/align.js";
import { applyAlignment } from "../../audio/alignment.js";
import type { Standard } from "../../features/normalise.js";
import { Streams } from "../../random/streams.js";
import { breathe } from "../../training/train.js";
import { UserError } from "../../userError.js";
import type { RunContext } from "../paper.js";
import { clipSamples, respirenetFrontEnd } from "./frontEnd.js";
import { FILLING, joined } from "./inputs.js";
import type { RespirenetRecipe } from "./recipe.js";
import type { TrainingItem } from "./trainingItems.js";

/** Printed in the authors' code, of fold 4's training images (papers.md 5.2). */
export const PRINTED_STATISTICS: Standard = {
  mean: [0.5091, 0.1739, 0.4363],
  deviation: [0.2288, 0.1285, 0.0743],
};

type ImageRecipe = Pick<RespirenetRecipe, "seconds" | "padding" | "imageScale" | "clipBlank">;

/**
 * Means of the images' means and of their standard deviations (by count - 1), for each channel, over training items that nothing was done to:
 * as the authors' code takes them, once (papers.md 5.2).
 *
 * @throws Interrupted where the signal says so; RangeError without any item; UserError where all images are blank
 */
export async function imageStatistics(
  items: readonly TrainingItem[],
  samplesOf: (cycle: number) => Float32Array,
  recipe: ImageRecipe,
  { signal, progress }: Pick<RunContext, "signal" | "progress">,
): Promise<Standard> {
  if (items.length === 0) throw new RangeError("image statistics: there are no training items");
  const frontEnd = respirenetFrontEnd({ imageScale: recipe.imageScale, clipBlank: recipe.clipBlank });
  const rule = { length: clipSamples(recipe), short: FILLING[recipe.padding], long: "first" } as const;
  const streams = new Streams(0);
  const [mean, deviation] = [new Array<number>(CHANNELS).fill(0), new Array<number>(CHANNELS).fill(0)];
  const started = performance.now();
  for (const [i, { parts }] of items.entries()) {
    const raw = joined(parts, samplesOf);
    const drawn = drawAlignment(raw.length, rule, streams.stream("statistics", i));
    const { data } = frontEnd.compute(applyAlignment(raw, drawn)[0]!);
    for (const [channel, of] of momentsOf(data).entries()) {
      mean[channel]! += of.mean / items.length;
      deviation[channel]! += of.deviation / items.length;
    }
    if (i % AT_ONCE === 0) {
      const fraction = (i + 1) / items.length;
      const seconds = (performance.now() - started) / 1000;
      const detail = `statistics of images, ${i + 1} of ${items.length}`;
      progress({ phase: "features", fraction, secondsLeft: (seconds / fraction) * (1 - fraction), detail });
      await breathe(signal, detail);
    }
  }
  if (deviation.every((value) => value === 0)) {
    throw new UserError(
      `the pictures of all ${items.length} training items are blank: their sound is silence, or has nothing from 50 to 2,000 Hz`,
    );
  }
  return { mean, deviation };
}

const CHANNELS = 3;
/** Images between two looks at the world. */
const AT_ONCE = 32;

/** @param image `[rows, frames, 3]` */
function momentsOf(image: Float32Array): { mean: number; deviation: number }[] {
  const count = image.length / CHANNELS;
  return Array.from({ length: CHANNELS }, (_, channel) => {
    let sum = 0;
    for (let i = channel; i < image.length; i += CHANNELS) sum += image[i]!;
    const mean = sum / count;
    let squares = 0;
    for (let i = channel; i < image.length; i += CHANNELS) squares += (image[i]! - mean) ** 2;
    return { mean, deviation: Math.sqrt(squares / (count - 1)) };
  });
}
