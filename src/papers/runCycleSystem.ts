import type { IcbhiSplit } from "../datasets/icbhi/split.js";
import { loadIcbhiLogmel } from "../datasets/icbhiLogmel/load.js";
import { assertRole, type Item } from "../datasets/roles.js";
import { countByClass } from "../datasets/split.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { initialiseWeights } from "../nn/init/initialise.js";
import { Dropout } from "../nn/layers/dropout.js";
import type { ItemsProgram } from "../node/batches/batchItems.js";
import { Streams } from "../random/streams.js";
import { trainableParameters } from "../training/frozenLayers.js";
import { Adam } from "../training/optimizers/adam.js";
import { requireTrainable } from "../training/requireTrainable.js";
import type { Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";
import type { CycleRecipe } from "./cycleRecipe.js";
import type { CycleInput, CycleSystem } from "./cycleSystem.js";
import { evaluatedIcbhi } from "./evaluatedIcbhi.js";
import { evenly } from "./evenly.js";
import { keepCycleModel } from "./keepCycleModel.js";
import { logmelWriter } from "./logmelWriter.js";
import type { RunContext } from "./paper.js";
import { probeSteps } from "./probeSteps.js";
import type { RunResult } from "./runResult.js";
import { type ShuffledItemsOptions, shuffledItems } from "./shuffledItems.js";
import { StoredItems, storedFeatures } from "./storedItems.js";
import { testPathClips, testPathClipsPlace } from "./testPathClips.js";
import { trainOnCycles } from "./trainOnCycles.js";

export interface CycleRun<R> {
  dataDir: string;
  split: IcbhiSplit;
  recipe: R;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/** Cycles that are evaluated at once. */
const EVALUATED_AT_ONCE = 32;

function learner<R extends CycleRecipe>(
  system: CycleSystem<R>,
  { recipe, split }: Pick<CycleRun<R>, "recipe" | "split">,
  streams: Streams,
) {
  // biome-ignore format: one line
  const model = system.network(recipe, { inputShape: system.input(recipe).shape, outputs: split.labels.length });
  initialiseWeights(model, streams);
  const optimizer = new Adam(trainableParameters(model), { weightDecay: recipe.weightDecay });
  return { model, optimizer, dropout: model.layers.some((layer) => layer instanceof Dropout) };
}

/** What a step and an evaluated cycle cost here. */
export function probeCycles<R extends CycleRecipe>(system: CycleSystem<R>, run: CycleRun<R>, signal: AbortSignal) {
  const { recipe, split, precision } = run;
  return probeSteps({
    ...learner(system, run, new Streams(0)),
    ...{ loss: crossEntropy, precision, signal, inputShape: system.input(recipe).shape, classes: split.labels.length },
    ...{ batchSize: recipe.batchSize, evaluationBatch: EVALUATED_AT_ONCE },
  });
}

/** A row, from recordings or stored maps to a result. */
export async function runCycles<R extends CycleRecipe>(
  system: CycleSystem<R>,
  run: CycleRun<R>,
  context: RunContext,
): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed, precision } = run;
  const training = evenly(split.train, recipe.trainItems);
  assertRole(training, "train");
  requireTrainable(countByClass(split.train, split.labels), recipe.batchSize);
  const tested = evenly(split.tests.test.items(), recipe.testItems);
  const input = system.input(recipe);
  const { write, close } = await openCycles(
    run,
    input,
    [...training, ...evaluatedIcbhi(run).select, ...tested],
    context,
  );
  const streams = new Streams(seed);
  const { model, optimizer, dropout } = learner(system, run, streams);
  try {
    return await trainOnCycles(
      {
        ...{ split, recipe, stepsPerEpoch, precision, streams, training, model, optimizer, dropout, write },
        ...{ loss: crossEntropy, inputShape: input.shape, evaluationBatch: EVALUATED_AT_ONCE },
        // Made when a step asks for them, in this thread: stored inputs are only copied.
        ...{ program: plainItems, workers: 0 },
        options: {
          ...{ write, shape: input.shape, classes: split.labels.length, batchSize: recipe.batchSize, seed },
          ...{ examples: training, labels: training.map(({ label }) => label), names: training.map(({ id }) => id) },
        },
        keep: () =>
          keepCycleModel({ model, split, input: recipe.input, testPath: input.path, inputShape: input.shape }, context),
      },
      context,
    );
  } finally {
    close();
    optimizer.dispose();
    model.dispose();
  }
}

type WriteInput = (item: Pick<Item, "id">, out: Float32Array, offset: number) => void;

async function openCycles<R extends CycleRecipe>(
  { dataDir, recipe }: CycleRun<R>,
  { path: testPath, fromStoredMap }: CycleInput,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<{ write: WriteInput; close(): void }> {
  if (recipe.input === "icbhi-logmel") {
    if (!fromStoredMap) throw new UserError("--set input=icbhi-logmel: this system makes no input of stored maps");
    const maps = loadIcbhiLogmel(dataDir);
    return { write: logmelWriter(maps, fromStoredMap), close: () => maps.close() };
  }
  const { recipe: name, parameters } = testPath;
  const clips = { builder: await testPathClips(name, parameters), place: testPathClipsPlace(name, parameters) };
  const { features, sorted } = await storedFeatures(items, clips, context);
  const stored = new StoredItems(features, sorted);
  return { write: (item, out, offset) => out.set(stored.map(item), offset), close() {} };
}

interface PlainItemsOptions extends ShuffledItemsOptions {
  examples: readonly Item[];
  shape: readonly [number, number, number];
  write: WriteInput;
}

/** Training batches, every example once an epoch. */
const plainItems: ItemsProgram<PlainItemsOptions> = {
  file: "src/papers/cyclePaper.ts",
  name: "plainItems",
  make: (options) =>
    shuffledItems(options, { drawnPer: "item" }, options.shape, (example, _, __, input) =>
      options.write(options.examples[example]!, input, 0),
    ),
};
