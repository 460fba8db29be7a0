import type { Example } from "../datasets/roles.js";
import { countByClass, type Split } from "../datasets/split.js";
import type { Assessment } from "../evaluation/assessment.js";
import { lastTenth } from "../evaluation/median.js";
import { writeWeights } from "../nn/weights/modelWeights.js";
import type { Streams } from "../random/streams.js";
import type { TensorFlow } from "../tensorflow.js";
import { Checkpoints } from "../training/checkpoint.js";
import type { Optimizer } from "../training/optimizers/optimizer.js";
import { type TrainOptions, train } from "../training/train.js";
import type { TrainingState } from "../training/trainingState.js";
import { WorkMeter } from "../training/workMeter.js";
import { evaluatedItems } from "./evaluatedItems.js";
import { type Evaluated, Evaluator, type TestedEpoch } from "./evaluator.js";
import type { RunContext } from "./paper.js";
import { recordEpoch } from "./recordEpoch.js";
import type { RunResult } from "./runResult.js";
import { TestOpenings } from "./testOpenings.js";

export interface TrainAndTest<A extends Assessment>
  extends Pick<TrainOptions, "batch" | "learningRate" | "stepsPerEpoch" | "precision">,
    Pick<TrainOptions, "loss" | "objective" | "partNames" | "drawNames" | "average"> {
  /** What is trained and saved. */
  model: TensorFlow.LayersModel;
  /** What gives logits, of the same layers, where `model` has more than that needs. */
  classifier?: TensorFlow.LayersModel;
  optimizer: Optimizer;
  /** Size of the network, where it is not what is trained. */
  parameters?: number;
  batchSize: number;
  split: Pick<Split, "describe">;
  training: readonly Example<"train">[];
  evaluated: Evaluated<A>;
  streams: Streams;
  /** In words, such as "best select Score". */
  chosenBy: string;
  /** Whether the last epoch is taken, whichever was best. */
  takesLast?: boolean;
  /** Keeps the chosen epoch's model, which `model` holds by then. */
  keep(tested: TestedEpoch<A>): Promise<void> | void;
}

/** Cost of a training item relative to an evaluated one, before either was measured: forward, two gradients, the update. */
const TRAINING_COST = 5;
/** Resamples of patients for the intervals. */
export const RESAMPLES = 2000;

/**
 * Trains a classifier epoch by epoch under the eyes of its evaluator, then tests and keeps the chosen epoch: a run's result. What it is
 * given is the caller's to dispose of.
 */
export async function trainAndTest<A extends Assessment>(
  run: TrainAndTest<A>,
  context: RunContext,
): Promise<RunResult> {
  const { model, optimizer, batch, learningRate, stepsPerEpoch, precision, evaluated } = run;
  const { loss, objective, partNames, drawNames, average } = run;
  const { epochs, published, select, labels } = evaluated;
  const { identity, mayWrite, runFolder, signal, warn } = context;
  const checkpoints = new Checkpoints<TrainingState>(`${runFolder}/checkpoints`, identity, mayWrite);

  // ---- evaluation and progress --------------------------------------------------------------------
  const meter = new WorkMeter();
  const tell = (detail: string) =>
    context.progress({ phase: "training", ...meter.estimate(), detail, measured: meter.measured() });
  const openings = new TestOpenings(`${runFolder}/testOpenings.jsonl`);
  const onItems = (count: number, detail: string) => {
    meter.advance("evaluate", count);
    tell(detail);
  };
  const evaluator = new Evaluator(evaluated, { model: run.classifier ?? model, openings, signal, onItems });
  const { itemsPerEpoch, itemsAtEnd } = evaluatedItems(evaluated);

  try {
    // ---- training -----------------------------------------------------------------------------------
    const { history, best, changes } = await train({
      ...{ model, optimizer, batch, learningRate, epochs, stepsPerEpoch, checkpoints, precision, warn, signal },
      ...{ loss, objective, partNames, drawNames, average },
      evaluate: (epoch) => evaluator.afterEpoch(epoch),
      onStart(done, before) {
        const steps = done.epoch * stepsPerEpoch + done.step;
        meter.plan("train", epochs * stepsPerEpoch, TRAINING_COST * run.batchSize, steps);
        meter.plan("evaluate", epochs * itemsPerEpoch + itemsAtEnd, 1, done.epoch * itemsPerEpoch);
        for (const record of before) context.onEpoch?.(record);
      },
      onEpoch(record) {
        recordEpoch(context.recorder, record);
        context.onEpoch?.(record);
      },
      onProgress({ epoch, step, loss: ofStep }) {
        meter.advance("train", 1);
        tell(`epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, loss ${ofStep.toFixed(3)}`);
      },
    });

    // ---- the chosen epoch -----------------------------------------------------------------------------
    const started = performance.now();
    const chosenEpoch = run.takesLast ? epochs : best.epoch;
    if (!run.takesLast) writeWeights(model, best.weights);
    const tested = await evaluator.atEnd(chosenEpoch, { draws: RESAMPLES, streams: run.streams });
    const { tests, over, roles, calibration } = tested;
    await run.keep(tested);
    const of = over ? "test/mean" : Object.keys(tests).length > 1 ? `test/${Object.keys(tests)[0]}` : "test";
    const watched = published ? of : "select";
    const scores = history.map(({ metrics }) => metrics[`${watched}/score`]!);
    return {
      epochs,
      stepsPerEpoch,
      parameters: run.parameters ?? optimizer.parameters.reduce((sum, { size }) => sum + size, 0),
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0) + (performance.now() - started) / 1000,
      chosenEpoch,
      chosenBy: run.chosenBy,
      tests,
      ...(over && { mean: over as RunResult["mean"] }),
      ...(Object.keys(roles).length > 0 && { roles }),
      lastEpochs: { role: published ? "test" : "select", ...lastTenth(scores) },
      lastEpochScore: scores.at(-1)!,
      history,
      ...(calibration && { calibration }),
      ...(changes.length > 0 && { changes }),
      testOpenings: openings.all(),
      splitNotes: [...run.split.describe],
      counts: { train: countByClass(run.training, labels), select: countByClass(select, labels) },
    };
  } finally {
    evaluator.dispose();
  }
}
