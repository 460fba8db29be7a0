import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import type { Standard } from "../../features/normalise.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evenly } from "../evenly.js";
import { keepCycleModel } from "../keepCycleModel.js";
import type { RunContext } from "../paper.js";
import { probeSteps } from "../probeSteps.js";
import type { RunResult } from "../runResult.js";
import type { StartingWeights } from "../startingWeights.js";
import type { TestPath } from "../testPath.js";
import type { UnitSeconds } from "../trainingWork.js";
import { trainOnCycles } from "../trainOnCycles.js";
import { adaptedTestPath } from "./adapter.js";
import { storedItems } from "./clips.js";
import { multibreathTestPath } from "./frontEnd.js";
import {
  type CycleSource,
  inputShapeOf,
  inputWriter,
  multibreathItems,
  storedKindOf,
  trainingOptions,
  trainingStandard,
} from "./inputs.js";
import { decoded } from "./labels.js";
import { multibreathLoss } from "./loss.js";
import { multibreathNetwork } from "./network.js";
import { takePretraining } from "./pretraining.js";
import type { MultibreathRecipe } from "./recipe.js";

export interface MultibreathRun {
  dataDir: string;
  split: IcbhiSplit;
  recipe: MultibreathRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
  /** Undefined: from scratch. */
  start: StartingWeights | undefined;
}

/** Threads that make batches: stored maps take hardly any time, samples are changed in speed and pitch. */
const WORKERS = { mel: 1, learnable: 2 } as const;
/** Cycles that are evaluated at once. */
const EVALUATED_AT_ONCE = { mel: 64, learnable: 16 } as const;

export function testPathOf(recipe: MultibreathRecipe, standard?: Standard): TestPath {
  if (recipe.input === "icbhi-logmel") return adaptedTestPath(standard);
  const { frontEnd, frames, filters } = storedKindOf(recipe);
  return multibreathTestPath({ frontEnd, frames, filters, ...(standard && { standard }) });
}

/** Of the network as it is trained: one for each class, or for each label. */
export function outputsOf({ targets, labels }: MultibreathRecipe, classes: number): number {
  return targets === "single-label" ? classes : labels;
}

/** What is trained, and what gives logits of the classes. */
function networksOf(recipe: MultibreathRecipe, classes: number) {
  const { backbone, head, heads, lambda, normalised, pooling, dropout, norm, targets, labels, threshold } = recipe;
  const model = multibreathNetwork({
    ...{ backbone, head, heads, lambda, normalised, pooling, dropout, norm },
    ...{ frontEnd: recipe.frontEnd, outputs: outputsOf(recipe, classes), inputShape: inputShapeOf(recipe) },
  });
  const classifier = targets === "single-label" ? model : decoded(model, labels, threshold);
  return { model, classifier };
}

const optimizerOf = (model: TensorFlow.LayersModel, { weightDecay }: MultibreathRecipe) =>
  new Adam(trainableParameters(model), { weightDecay });

const countsOf = (training: readonly Example<"train">[], labels: readonly string[]) => {
  const counts = countByClass(training, labels);
  return labels.map((label) => counts[label]!);
};

/** What a step and an evaluated cycle cost here. */
export function probeMultibreath({
  recipe,
  split,
  precision,
  signal,
}: Pick<MultibreathRun, "recipe" | "split" | "precision"> & { signal: AbortSignal }): Promise<UnitSeconds> {
  const classes = split.labels.length;
  const { model, classifier } = networksOf(recipe, classes);
  initialiseWeights(model, new Streams(0));
  return probeSteps({
    ...{ model, classifier, optimizer: optimizerOf(model, recipe), precision, signal },
    loss: multibreathLoss(recipe, countsOf(split.train, split.labels)),
    ...{ inputShape: inputShapeOf(recipe), classes, batchSize: recipe.batchSize },
    ...{ dropout: recipe.dropout > 0, evaluationBatch: EVALUATED_AT_ONCE[recipe.frontEnd] },
  });
}

/** A row, from recordings or stored maps to a result. */
export async function runMultibreath(run: MultibreathRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split;
  const { frontEnd } = recipe;
  const classes = labels.length;
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const { select } = evaluatedIcbhi(run);
  assertRole(training, "train");
  requireTrainable(countByClass(split.train, labels), recipe.batchSize);

  // ---- data and network ---------------------------------------------------------------------------
  const tested = evenly(split.tests.test.items(), recipe.testItems);
  const { source, close } = await openCycles(run, [...training, ...select, ...tested], context);
  const standard = frontEnd === "mel" ? keptStandard(context.runFolder, () => trainingStandard(training, source, recipe)) : undefined; // biome-ignore format: one line
  const write = inputWriter(source, recipe, standard);
  const { model, classifier } = networksOf(recipe, classes);
  initialiseWeights(model, streams);
  run.start?.putInto(model);
  const before = recipe.pretraining && takePretraining(model, context);
  const optimizer = optimizerOf(model, recipe);
  try {
    const result = await trainOnCycles(
      {
        ...{ split, recipe, stepsPerEpoch, precision, streams, training, model, classifier, optimizer, write },
        loss: multibreathLoss(recipe, countsOf(training, labels)),
        program: multibreathItems,
        options: trainingOptions(training, source, recipe, { classes, seed, standard }),
        workers: WORKERS[frontEnd],
        inputShape: inputShapeOf(recipe),
        evaluationBatch: EVALUATED_AT_ONCE[frontEnd],
        dropout: recipe.dropout > 0,
        keep() {
          const made = {
            input: recipe.input,
            testPath: testPathOf(recipe, standard),
            inputShape: inputShapeOf(recipe),
          };
          keepCycleModel({ model: classifier, split, ...made }, context);
        },
      },
      context,
    );
    return {
      ...result,
      ...(standard && recipe.norm === "training-set" && { imageStatistics: standard }),
      ...(before && { pretraining: before }),
    };
  } finally {
    close();
    optimizer.dispose();
    model.dispose();
  }
}

async function openCycles(
  { dataDir, recipe }: MultibreathRun,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<{ source: CycleSource; close(): void }> {
  if (recipe.input === "icbhi-logmel") {
    const maps = loadIcbhiLogmel(dataDir);
    return { source: { maps }, close: () => maps.close() };
  }
  return { source: { stored: await storedItems(storedKindOf(recipe), items, context) }, close() {} };
}

/** Computed once for a run, whatever its sittings. */
function keptStandard(runFolder: string, compute: () => Standard): Standard {
  const file = path.join(runFolder, "inputStatistics.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Standard;
  const standard = compute();
  writeJsonAtomic(file, standard);
  return standard;
}
