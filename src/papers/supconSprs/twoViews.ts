import { assertRole, type Example } from "../../datasets/roles.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { Streams } from "../../random/streams.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import { type WorkerExamples, workerExamples } from "../storedItems.js";
import { DrawnViews, type ItemMaps } from "./inputs.js";
import type { PretrainingRecipe } from "./pretrainingRecipe.js";

/** What worker threads need to make the pretraining's batches. */
export interface TwoViewsOptions
  extends WorkerExamples,
    Pick<PretrainingRecipe, "batchSize" | "frames" | "flipProbability"> {
  role: "train" | "select";
  classes: number;
  stepsPerEpoch: number;
  seed: number;
}

/** @throws TypeError for an example of another role, whatever the compiler was told */
export function twoViewsOf<R extends "train" | "select">(
  examples: readonly Example<R>[],
  role: R,
  maps: ItemMaps,
  { batchSize, frames, flipProbability }: PretrainingRecipe,
  classes: number,
  stepsPerEpoch: number,
  { seed }: Streams,
): TwoViewsOptions {
  assertRole(examples, role);
  return {
    ...{ role, batchSize, frames, flipProbability, classes, stepsPerEpoch, seed },
    ...workerExamples(examples, maps),
  };
}

/**
 * Batches of the pretraining: `2 batchSize` views, first one of each of `batchSize` class-balanced draws, then another of each in the
 * same order, flipped and cropped or padded on its own (papers.md 3.5). Targets are the labels. A batch is a function of the seed, the role,
 * the epoch and the step alone.
 */
export const twoViews: ItemsProgram<TwoViewsOptions> = {
  file: "src/papers/supconSprs/twoViews.ts",
  name: "twoViews",
  make(options) {
    const { batchSize, frames, classes, stepsPerEpoch, seed, role } = options;
    const streams = new Streams(seed);
    const views = new DrawnViews(options, (epoch) =>
      drawBalanced(options.labels, stepsPerEpoch * batchSize, streams.stream(`pretraining ${role} balanced`, epoch)),
    );
    const drawOf = (step: number, i: number) => step * batchSize + (i % batchSize);
    return {
      batchSize: 2 * batchSize,
      inputSize: views.rows * frames,
      targetSize: classes,
      nameOf: (epoch, step, i) => `${views.nameOf(epoch, drawOf(step, i))}, view ${i < batchSize ? 1 : 2}`,
      write(epoch, step, i, input, target) {
        const draw = drawOf(step, i);
        const rng = streams.stream(`pretraining ${role} view`, epoch, draw, Math.floor(i / batchSize));
        target[views.write({ epoch, draw }, options, rng, input)] = 1;
      },
    };
  },
};
