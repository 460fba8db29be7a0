import { assertRole } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { assessSprSound } from "../../evaluation/sprsoundAssessment.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { type LeanCnnOptions, leanCnn } from "../../nn/backbones/leanCnn.js";
import type { InputShape } from "../../nn/backbones/resnet.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { evenly } from "../evenly.js";
import type { PreparedTrial } from "../paper.js";
import { TrialFailed } from "../trialFailed.js";
import { tryTraining } from "../tryTraining.js";
import { balancedAsPublished } from "./classifierRun.js";
import type { SupconMfccOptions } from "./frontEnd.js";
import { supconItems, trainingItems } from "./inputs.js";
import { storedMaps } from "./maps.js";
import { type Level, SAMPLE_RATE_HZ, SECONDS, type SupconRecipe } from "./recipe.js";

/** Frames of an event's 3 s or a recording's 15 s, truncated as in the paper. */
export function framesOf(level: Level, hop: number): number {
  return Math.trunc((SECONDS[level] * SAMPLE_RATE_HZ) / hop);
}

export interface CnnTrial {
  split: SprSoundSplit;
  recipe: SupconRecipe;
  features: SupconMfccOptions;
  sizes: LeanCnnOptions;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/** The lean CNN of some sizes, or on some features, trained and looked at on the select role; test sets are not even handed over. */
export function tryCnn(trial: CnnTrial): PreparedTrial {
  const { split, recipe, features, sizes, stepsPerEpoch, seed, precision } = trial;
  return {
    settings: { ...recipe, ...features, ...sizes, stepsPerEpoch },
    async execute(context) {
      const { labels, adventitiousFrom } = split.task;
      const { epochs, learningRate, weightDecay, batchSize, frames } = recipe;
      const streams = new Streams(seed);
      const training = evenly(split.train, recipe.trainItems);
      const select = evenly(split.select, recipe.selectItems);
      assertRole(training, "train");
      assertRole(select, "select");
      requireTrainable(countByClass(training, labels), batchSize);

      const model = networkOf({ rows: features.coefficients, frames, channels: 1 }, labels.length, sizes);
      const maps = await storedMaps([...training, ...select], context, features);
      const inputShape = [maps.rows, frames, 1] as const;
      initialiseWeights(model, streams);
      const optimizer = new Adam(trainableParameters(model), { weightDecay });
      const batches = await prepareBatches({
        program: supconItems,
        options: trainingItems(training, maps, recipe, labels.length, stepsPerEpoch, streams),
        ...{ inputShape, classes: labels.length, workers: 1, epochs, stepsPerEpoch },
      });
      try {
        await tryTraining(
          {
            ...{ model, optimizer, loss: crossEntropy, batch: batches.batch, stepsPerEpoch, precision, select },
            learningRate: byEpoch(constant(learningRate)),
            evaluated: {
              ...{ labels, epochs, inputShape },
              writeInput(example, { what, epoch, index }, out, offset) {
                const place =
                  recipe.evaluationCrop === "centre" ? "centre" : streams.stream(`crop ${what}`, epoch, index);
                maps.write(example, frames, place, out, offset);
              },
              assess: (request) => assessSprSound({ ...request, adventitiousFrom }),
              ...(split.protocol === "published" && { draw: balancedAsPublished(streams) }),
            },
          },
          context,
        );
      } finally {
        await batches.close();
        optimizer.dispose();
        model.dispose();
      }
    },
  };
}

/** Throws TrialFailed for features that leave nothing after the second pool, as the paper's space holds some: 8 coefficients. */
function networkOf(input: InputShape, classes: number, sizes: LeanCnnOptions): TensorFlow.LayersModel {
  try {
    return leanCnn(input, classes, sizes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TrialFailed(`${input.rows} x ${input.frames} features are too small: ${error.message}`);
  }
}
