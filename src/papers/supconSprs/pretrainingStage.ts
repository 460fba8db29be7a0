import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { digestText } from "../../features/frontEnd.js";
import { supCon } from "../../losses/supCon.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Sgd } from "../../training/optimizers/sgd.js";
import type { Precision } from "../../training/runIdentity.js";
import { probeSteps } from "../probeSteps.js";
import type { SharedStage } from "../sharedStage.js";
import { supconMfcc } from "./frontEnd.js";
import { embeddingNetwork } from "./network.js";
import { pretrain } from "./pretraining.js";
import { PRETRAINING_EPOCHS, type PretrainingRecipe } from "./pretrainingRecipe.js";
import { budgetShare } from "./recipe.js";

/** Raised whenever a change here alters what a pretraining that asks for the same leaves. */
const STAGE_VERSION = 1;

export interface PretrainingOf {
  recipe: PretrainingRecipe;
  split: SprSoundSplit;
  seed: number;
  precision: Precision;
  /** Digest of the data set. */
  data: string;
}

/** The pretraining that rows share: one for each task, split, seed and recipe, whatever is trained on it. */
export function pretrainingStage({ recipe, split, seed, precision, data }: PretrainingOf): SharedStage {
  const { labels } = split.task;
  const published = split.protocol === "published";
  const stepsPerEpoch = recipe.stepsPerEpoch ?? Math.ceil(split.train.length / recipe.batchSize);
  const select = Math.min(split.select.length, recipe.selectItems ?? Infinity);
  const selectViews = 2 * recipe.batchSize * Math.max(1, Math.ceil(select / recipe.batchSize));
  return {
    name: "pretraining",
    identity: {
      ...{ stageVersion: STAGE_VERSION, paper: "supcon-sprs", task: split.task.id, protocol: split.protocol },
      ...{ seed, recipe, stepsPerEpoch, precision, data, split: split.digest, frontEnd: digestText(supconMfcc) },
    },
    work: {
      ...{ network: `resnet18, pretraining, ${recipe.head} head of ${recipe.embedding}` },
      ...{ input: [supconMfcc.rows, recipe.frames, 1], batchSize: 2 * recipe.batchSize },
      ...{ epochs: recipe.epochs, stepsPerEpoch, itemsPerEpoch: selectViews, itemsAtEnd: 0 },
      perBudgetEpoch: budgetShare(PRETRAINING_EPOCHS),
    },
    probe(signal) {
      const model = embeddingNetwork(recipe);
      initialiseWeights(model, new Streams(0));
      const { momentum, weightDecay } = recipe;
      return probeSteps({
        ...{ model, optimizer: new Sgd(trainableParameters(model), { momentum, weightDecay }), loss: supCon(recipe) },
        inputShape: [supconMfcc.rows, recipe.frames, 1],
        // A target of the probe is a class; two, as in a task that is normal or not.
        ...{ classes: 2, outputs: recipe.embedding, batchSize: 2 * recipe.batchSize, dropout: true, precision, signal },
      });
    },
    execute: (context) =>
      pretrain(
        { ...{ train: split.train, select: split.select, labels, published, recipe, stepsPerEpoch, seed, precision } },
        context,
      ),
  };
}
