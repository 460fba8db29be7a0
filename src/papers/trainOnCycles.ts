import type { IcbhiSplit } from "../datasets/icbhi/split.js";
import type { Example, Item } from "../datasets/roles.js";
import { assessIcbhi } from "../evaluation/icbhiAssessment.js";
import type { ItemsProgram } from "../node/batches/batchItems.js";
import type { Streams } from "../random/streams.js";
import type { TensorFlow } from "../tensorflow.js";
import type { Optimizer } from "../training/optimizers/optimizer.js";
import { prepareBatches } from "../training/preparedBatches.js";
import type { Precision } from "../training/runIdentity.js";
import type { StepSource } from "../training/runStep.js";
import { byEpoch, cosine } from "../training/schedule.js";
import { withDropout } from "../training/withDropout.js";
import type { CycleRecipe } from "./cycleRecipe.js";
import { evaluatedIcbhi } from "./evaluatedIcbhi.js";
import type { RunContext, TrialContext } from "./paper.js";
import type { RunResult } from "./runResult.js";
import { trainAndTest } from "./trainAndTest.js";
import { tryTraining } from "./tryTraining.js";

/** A classifier of ICBHI's cycles that learns by Adam along a half-cosine of the learning rate. */
export interface CycleTraining<Options> {
  split: IcbhiSplit;
  recipe: CycleRecipe;
  stepsPerEpoch: number;
  precision: Precision;
  streams: Streams;
  training: readonly Example<"train">[];
  /** What is trained, and disposed of by the caller. */
  model: TensorFlow.LayersModel;
  /** What gives logits of the classes, of the same layers, where `model` gives others. */
  classifier?: TensorFlow.LayersModel;
  optimizer: Optimizer;
  loss: NonNullable<StepSource["loss"]>;
  /** Makes training batches in worker threads. */
  program: ItemsProgram<Options>;
  options: Options;
  workers: number;
  /** `[rows, frames, channels]` */
  inputShape: readonly [number, number, number];
  /** Cycles that are evaluated at once. */
  evaluationBatch: number;
  /** Whether the model has dropout that is active. */
  dropout: boolean;
  /** Writes what is evaluated of a cycle. */
  write(item: Pick<Item, "id">, out: Float32Array, offset: number): void;
}

/** Trains, chooses an epoch, tests it and keeps it: a run's result. */
export async function trainOnCycles<Options>(
  run: CycleTraining<Options> & { keep(): void },
  context: RunContext,
): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, precision, streams, training, inputShape, evaluationBatch } = run;
  const { model, classifier, optimizer, loss, keep } = run;
  const evaluated = evaluatedIcbhi(run);
  const { labels } = split;
  const { epochs, batchSize } = recipe;
  const { batch, close } = await batchesOf(run);
  try {
    return await trainAndTest(
      {
        ...{ model, classifier, optimizer, loss, batch, stepsPerEpoch, precision, batchSize, split, training, streams },
        learningRate: halfCosine(recipe),
        evaluated: {
          ...evaluated,
          ...{ epochs, labels, inputShape, evaluationBatch, assess: assessIcbhi },
          writeInput: (example, _, out, offset) => run.write(example, out, offset),
        },
        chosenBy: `best ${evaluated.published ? "test" : "select"} Score`,
        keep,
      },
      context,
    );
  } finally {
    await close();
  }
}

/** Trains under the eyes of a search, on `training` and `select` alone; the split's own roles are not looked at. */
export async function tryOnCycles<Options>(
  run: CycleTraining<Options> & { select: readonly Example<"select">[] },
  context: TrialContext,
): Promise<void> {
  const { split, recipe, stepsPerEpoch, precision, inputShape, evaluationBatch, model, optimizer, loss, select } = run;
  const { batch, close } = await batchesOf(run);
  try {
    await tryTraining(
      {
        ...{ model, optimizer, loss, batch, stepsPerEpoch, precision, select },
        learningRate: halfCosine(recipe),
        evaluated: {
          ...{ epochs: recipe.epochs, labels: split.labels, inputShape, evaluationBatch, assess: assessIcbhi },
          writeInput: (example, _, out, offset) => run.write(example, out, offset),
        },
      },
      context,
    );
  } finally {
    await close();
  }
}

async function batchesOf<Options>(run: CycleTraining<Options>) {
  const { split, recipe, stepsPerEpoch, streams, program, options, inputShape, workers, dropout } = run;
  const { epochs } = recipe;
  const classes = split.labels.length;
  const { batch, close } = await prepareBatches({
    ...{ program, options, inputShape, classes, workers, epochs, stepsPerEpoch },
  });
  return { batch: dropout ? withDropout(batch, streams) : batch, close };
}

function halfCosine({ epochs, learningRate, finalLearningRate }: CycleTraining<never>["recipe"]) {
  return byEpoch(cosine(learningRate, { period: epochs, floor: Math.min(finalLearningRate, learningRate) }));
}
