import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evenly } from "../evenly.js";
import { keepCycleModel } from "../keepCycleModel.js";
import type { RunContext, TrialContext } from "../paper.js";
import { probeSteps } from "../probeSteps.js";
import type { RunResult } from "../runResult.js";
import type { UnitSeconds } from "../trainingWork.js";
import { type CycleTraining, trainOnCycles, tryOnCycles } from "../trainOnCycles.js";
import { baselineNetwork } from "./baselines.js";
import {
  type GlancegazeItemsOptions,
  glancegazeItems,
  inputShapeOf,
  openInputs,
  testPathOf,
  trainedCycles,
} from "./inputs.js";
import { glancegazeNetwork } from "./network.js";
import type { GlancegazeRecipe } from "./recipe.js";

export interface GlancegazeRun {
  dataDir: string;
  split: IcbhiSplit;
  recipe: GlancegazeRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/** Cycles that are evaluated at once. */
const EVALUATED_AT_ONCE = 32;

function networkOf(recipe: GlancegazeRecipe, outputs: number): TensorFlow.LayersModel {
  const { network, without, ffm, attentionScale, shareGlance, glanceKernel, shrinkage } = recipe;
  const inputShape = inputShapeOf(recipe);
  if (network !== "Proposed") return baselineNetwork({ kind: network, inputShape, outputs });
  return glancegazeNetwork({
    ...{ inputShape, outputs, ffm, attentionScale, shareGlance, glanceKernel, shrinkage },
    ...(without && { without }),
  });
}

/** Of the networks here: those with dropout. */
const hasDropout = ({ network }: GlancegazeRecipe) => network === "CRNN" || network === "VGG16";

const optimizerOf = (model: TensorFlow.LayersModel, { weightDecay }: GlancegazeRecipe) =>
  new Adam(trainableParameters(model), { weightDecay });

/** What a step and an evaluated cycle cost here. */
export function probeGlancegaze({
  recipe,
  split,
  precision,
  signal,
}: Pick<GlancegazeRun, "recipe" | "split" | "precision"> & { signal: AbortSignal }): Promise<UnitSeconds> {
  const classes = split.labels.length;
  const model = networkOf(recipe, classes);
  initialiseWeights(model, new Streams(0));
  return probeSteps({
    ...{ model, optimizer: optimizerOf(model, recipe), loss: crossEntropy, precision, signal },
    ...{ inputShape: inputShapeOf(recipe), classes, batchSize: recipe.batchSize },
    ...{ dropout: hasDropout(recipe), evaluationBatch: EVALUATED_AT_ONCE },
  });
}

/** A row, from recordings or stored maps to a result. */
export async function runGlancegaze(run: GlancegazeRun, context: RunContext): Promise<RunResult> {
  const { split, recipe } = run;
  const tested = evenly(split.tests.test.items(), recipe.testItems);
  const training = evenly(split.train, recipe.trainItems);
  return withTraining(run, training, [...evaluatedIcbhi(run).select, ...tested], context, (opened) =>
    trainOnCycles(
      {
        ...opened,
        keep() {
          const { model, inputShape } = opened;
          keepCycleModel({ model, split, input: recipe.input, testPath: testPathOf(recipe), inputShape }, context);
        },
      },
      context,
    ),
  );
}

/** A learning rate of a search: trained on some cycles, looked at on others; test cycles are not even handed over. */
export async function tryGlancegaze(
  run: GlancegazeRun,
  { train, select }: { train: readonly Example<"train">[]; select: readonly Example<"select">[] },
  context: TrialContext,
): Promise<void> {
  assertRole(select, "select");
  return withTraining(run, train, select, context, (opened) => tryOnCycles({ ...opened, select }, context));
}

/** Opens what training needs, and closes it when `use` is done. */
async function withTraining<T>(
  run: GlancegazeRun,
  training: readonly Example<"train">[],
  others: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
  use: (opened: CycleTraining<GlancegazeItemsOptions>) => Promise<T>,
): Promise<T> {
  const { dataDir, split, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split;
  const trained = trainedCycles(training, recipe, seed);
  // Of the whole side: a profile's few cycles need not have every class.
  requireTrainable(countByClass(split.train, labels), recipe.batchSize);
  const inputs = await openInputs(trained, others, { dataDir, recipe, classes: labels.length, seed }, context);
  const streams = new Streams(seed);
  const model = networkOf(recipe, labels.length);
  initialiseWeights(model, streams);
  const optimizer = optimizerOf(model, recipe);
  try {
    return await use({
      ...{ split, recipe, stepsPerEpoch, precision, streams, training, model, optimizer },
      ...{ loss: crossEntropy, program: glancegazeItems, options: inputs.items, workers: 1 },
      ...{ inputShape: inputShapeOf(recipe), evaluationBatch: EVALUATED_AT_ONCE, dropout: hasDropout(recipe) },
      write: inputs.write,
    });
  } finally {
    inputs.close();
    optimizer.dispose();
    model.dispose();
  }
}
