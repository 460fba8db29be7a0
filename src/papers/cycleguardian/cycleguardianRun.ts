import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { assertRole, type Example } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { assessIcbhi } from "../../evaluation/icbhiAssessment.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { MovingAverage } from "../../training/movingAverage.js";
import { NonFiniteError } from "../../training/nonFinite.js";
import { Adam } from "../../training/optimizers/adam.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import type { Batch } from "../../training/runStep.js";
import { byEpoch, constant, multiStep } from "../../training/schedule.js";
import type { EpochRecord } from "../../training/trainingState.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evenly } from "../evenly.js";
import type { Preset, RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { probeSteps } from "../probeSteps.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import { leaveEmbeddings } from "../selectEmbeddings.js";
import { trainAndTest } from "../trainAndTest.js";
import type { UnitSeconds } from "../trainingWork.js";
import { CLUSTER_LAYERS, leaveClusterLook } from "./clusterLook.js";
import { drawMixing } from "./drawMixing.js";
import { groupCount, parameterCounts } from "./geometry.js";
import { CUT, type InputSource, inputShapeOf, openInputs, testPathOf } from "./inputSource.js";
import { cycleguardianNetwork } from "./network.js";
import { cycleguardianObjective, learntParameters, lossParts, MIXING_DRAWS } from "./objective.js";
import type { CycleguardianRecipe } from "./recipe.js";

export interface CycleguardianRun {
  dataDir: string;
  split: IcbhiSplit;
  preset: Preset;
  recipe: CycleguardianRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/** Cycles that are evaluated at once: each is 41 pictures. */
const EVALUATED_AT_ONCE = 16;

/** The map's size and its groups. */
export function shapeOf(recipe: CycleguardianRecipe, preset: Preset) {
  const [rows, frames, channels] = inputShapeOf(recipe, preset);
  const { framesPerGroup, groupStride: stride } = recipe;
  return { rows, frames, channels, framesPerGroup, stride };
}

function networkOf({ recipe, preset, split }: Pick<CycleguardianRun, "recipe" | "preset" | "split">) {
  const { clusters, bnPerGroup } = recipe;
  return cycleguardianNetwork(shapeOf(recipe, preset), { classes: split.labels.length, clusters, bnPerGroup });
}

/** What a step and an evaluated cycle cost here. */
export function probeCycleguardian(
  run: Pick<CycleguardianRun, "recipe" | "preset" | "split" | "precision"> & { signal: AbortSignal },
): Promise<UnitSeconds> {
  const { recipe, preset, split, precision, signal } = run;
  const network = networkOf(run);
  initialiseWeights(network.whole, new Streams(0));
  const optimizer = new Adam(learntParameters(network, recipe), { weightDecay: recipe.weightDecay });
  const groups = groupCount(shapeOf(recipe, preset));
  return probeSteps({
    ...{ model: network.whole, classifier: network.inference, optimizer, precision, signal },
    objective: cycleguardianObjective(network, recipe),
    drawNames: MIXING_DRAWS,
    draws: () => ({ ...drawMixing(new Streams(0).stream("mixing"), recipe.batchSize, groups) }),
    ...{ inputShape: inputShapeOf(recipe, preset), classes: split.labels.length, batchSize: recipe.batchSize },
    evaluationBatch: EVALUATED_AT_ONCE,
  });
}

/** A row, from recordings or stored maps to a result. Where the first epochs diverge, anew at a tenth of the learning rate. */
export async function runCycleguardian(run: CycleguardianRun, context: RunContext): Promise<RunResult> {
  const fallbackFile = path.join(context.runFolder, "divergence.json");
  if (!existsSync(fallbackFile)) {
    try {
      return await runAt(run.recipe.learningRate, run, context, true);
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      context.warn(`${error.message}; beginning anew at ${run.recipe.learningRate / 10} (papers.md 1.6)`);
      rmSync(path.join(context.runFolder, "checkpoints"), { recursive: true, force: true });
      writeJsonAtomic(fallbackFile, { diverged: error.message });
    }
  }
  const { diverged } = JSON.parse(readFileSync(fallbackFile, "utf8")) as { diverged: string };
  const learningRate = run.recipe.learningRate / 10;
  const result = await runAt(learningRate, run, context, false);
  return { ...result, fallback: `${diverged}; begun anew at ${learningRate}` };
}

/** A run that cannot be gone on with at its learning rate. */
class Diverged extends Error {}

/** Epochs in which a run may diverge and begin anew. */
const FIRST_EPOCHS = 10;
/** A cross-entropy of so many times that of guessing is no learning. */
const HOPELESS = 4;

function requireConvergence({ epoch, metrics }: EpochRecord, learningRate: number, classes: number): void {
  const loss = metrics["train/classification"]!;
  if (epoch > FIRST_EPOCHS || loss <= HOPELESS * Math.log(classes)) return;
  throw new Diverged(
    `at learning rate ${learningRate} epoch ${epoch} ended with a cross-entropy of ${loss.toFixed(2)}, ${HOPELESS} times that of guessing or more`,
  );
}

/** @param mayFallBack whether a run that diverges is stopped, by a Diverged error */
async function runAt(
  learningRate: number,
  run: CycleguardianRun,
  context: RunContext,
  mayFallBack: boolean,
): Promise<RunResult> {
  const { split, preset, recipe, stepsPerEpoch, seed, precision, dataDir } = run;
  const { labels } = split;
  const { epochs, batchSize, weightDecay, milestones } = recipe;
  const published = split.protocol === "published";
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const evaluated = evaluatedIcbhi(run);
  assertRole(training, "train");
  assertRole(evaluated.select, "select");
  requireTrainable(countByClass(split.train, labels), batchSize);

  // ---- data and network ---------------------------------------------------------------------------
  const tested = evenly(split.tests.test.items(), recipe.testItems);
  const network = networkOf(run);
  const { whole, inference } = network;
  initialiseWeights(whole, streams);
  const optimizer = new Adam(learntParameters(network, recipe), { weightDecay });
  const average = new MovingAverage(whole, recipe.averageDecay);
  const groups = groupCount(shapeOf(recipe, preset));
  const inputShape = inputShapeOf(recipe, preset);
  const task = `icbhi/${split.classes}-class`;
  const at = milestones.map((share) => Math.round(share * epochs)).filter((epoch, i, all) => epoch > (all[i - 1] ?? 0));

  let latest = 0;
  const watched: RunContext = {
    ...context,
    onEpoch(record) {
      latest = record.epoch;
      if (mayFallBack) requireConvergence(record, learningRate, labels.length);
      context.onEpoch?.(record);
    },
  };
  let opened: InputSource | undefined;
  try {
    const inputs = await openInputs(
      training,
      [...evaluated.select, ...tested],
      { dataDir, preset, recipe, classes: labels.length, stepsPerEpoch, streams },
      context,
    );
    opened = inputs;
    const mixedBatch = async (epoch: number, step: number): Promise<Batch> => ({
      ...(await inputs.batches.batch(epoch, step)),
      draws: { ...drawMixing(streams.stream("mixing", epoch, step), batchSize, groups) },
    });
    const result = await trainAndTest(
      {
        ...{ model: whole, classifier: inference, optimizer, average, stepsPerEpoch, precision, batchSize },
        ...{ split, training, streams },
        parameters: parameterCounts(shapeOf(recipe, preset), { clusters: recipe.clusters, classes: labels.length })
          .total,
        objective: cycleguardianObjective(network, recipe),
        partNames: lossParts(recipe),
        drawNames: MIXING_DRAWS,
        learningRate: byEpoch(
          at.length > 0 ? multiStep(learningRate, { milestones: at, factor: 0.33 }) : constant(learningRate),
        ),
        batch: recipe.contrast ? mixedBatch : inputs.batches.batch,
        evaluated: {
          ...evaluated,
          ...{ epochs, labels, inputShape, evaluationBatch: EVALUATED_AT_ONCE, assess: assessIcbhi },
          writeInput: (example, _, out, offset) => inputs.write(example, out, offset),
        },
        chosenBy: `best ${published ? "test" : "select"} Score`,
        keep: () =>
          saveModel(
            inference,
            path.join(context.runFolder, "model"),
            preprocessingOf(testPathOf(recipe, preset), { inputShape, task, labels }, { cut: CUT[recipe.input] }),
          ),
      },
      watched,
    );
    await lookInside(run, inference, evaluated.select, inputs, context);
    return result;
  } catch (error) {
    if (mayFallBack && error instanceof NonFiniteError && latest < FIRST_EPOCHS)
      throw new Diverged(`at learning rate ${learningRate} ${error.message}`);
    throw error;
  } finally {
    await opened?.close();
    average.dispose();
    optimizer.dispose();
    whole.dispose();
  }
}

/** Cycles that are looked into. */
const LOOKED_INTO = 300;

/** Leaves what the clusters and the embeddings of the trained network are like, on cycles that it did not learn from. */
async function lookInside(
  run: CycleguardianRun,
  model: TensorFlow.LayersModel,
  select: readonly Example<"select">[],
  inputs: Pick<InputSource, "write">,
  context: RunContext,
): Promise<void> {
  // Under `published` nothing is held out.
  if (select.length === 0) return;
  const { labels } = run.split;
  const examples = evenly(select, LOOKED_INTO);
  const { runFolder, signal, warn } = context;
  const [assigned, vectors] = await leaveEmbeddings({
    ...{ runFolder, model, labels, examples, signal, warn, layer: "clusterFusion.norm", beside: CLUSTER_LAYERS },
    inputShape: inputShapeOf(run.recipe, run.preset),
    write: inputs.write,
    onProgress: (progress) => context.progress({ phase: "embeddings", ...progress }),
  });
  leaveClusterLook(runFolder, { of: "select", labels, examples, assigned: assigned!, vectors: vectors! });
}
