import { Streams } from "../random/streams.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import type { Optimizer } from "../training/optimizers/optimizer.js";
import { Predictor } from "../training/predict.js";
import type { Precision } from "../training/runIdentity.js";
import { compiledStep, runStep, type StepSource } from "../training/runStep.js";
import { constant } from "../training/schedule.js";
import { breathe } from "../training/train.js";
import { withDropout } from "../training/withDropout.js";
import type { UnitSeconds } from "./trainingWork.js";

export interface Probe extends Pick<StepSource, "loss" | "objective" | "drawNames"> {
  /** Disposed of when done, as is the optimiser. */
  model: TensorFlow.LayersModel;
  /** What gives logits, of the same layers, where `model` has more than that needs. */
  classifier?: TensorFlow.LayersModel;
  optimizer: Optimizer;
  /** `[rows, frames, channels]` */
  inputShape: readonly [number, number, number];
  classes: number;
  /** Of the model, where they are not the classes. */
  outputs?: number;
  batchSize: number;
  /** What a step draws, by the names of `drawNames`. */
  draws?(): Readonly<Record<string, TensorFlow.Tensor>>;
  /** Items that are evaluated at once; default 64. */
  evaluationBatch?: number;
  /** Whether the model has dropout that is active. */
  dropout?: boolean;
  precision: Precision;
  signal: AbortSignal;
}

/** Steps that are timed; the first, which also captures them, is not. */
const STEPS = 4;
/** Times a few real steps and one batch of evaluation, on noise: what one of each costs here. Throws Interrupted when stopped. */
export async function probeSteps(probe: Probe): Promise<UnitSeconds> {
  const { model, optimizer, loss, objective, drawNames, inputShape, classes, batchSize, precision, signal } = probe;
  const { evaluationBatch: items = 64 } = probe;
  const noise = new Streams(0).stream("probe");
  const values = Float32Array.from(
    { length: batchSize * inputShape.reduce((a, b) => a * b) },
    () => noise.uniform() - 0.5,
  );
  const targets = new Float32Array(batchSize * classes);
  for (let i = 0; i < batchSize; i++) targets[i * classes + (i % classes)] = 1;
  const batch = () => ({
    inputs: tf.tensor4d(values, [batchSize, ...inputShape]),
    targets: tf.tensor2d(targets, [batchSize, classes]),
    ...(probe.draws && { draws: probe.draws() }),
  });
  const source = {
    ...{ model, optimizer, loss, objective, drawNames, precision },
    learningRate: (epoch: number, step: number) => constant(1e-6)(epoch + step),
    batch: probe.dropout ? withDropout(batch, new Streams(0)) : batch,
  };
  const step = compiledStep(source, "the probed step");
  const predictor = new Predictor({
    ...{ model: probe.classifier ?? model, inputShape, classes: probe.outputs ?? classes, batchSize: items },
  });
  try {
    await runStep(source, step, 1, 0);
    let started = performance.now();
    for (let index = 1; index <= STEPS; index++) {
      await runStep(source, step, 1, index);
      await breathe(signal, "the probe");
    }
    const stepSeconds = (performance.now() - started) / 1000 / STEPS;
    const evaluate = () =>
      predictor.logits({
        ...{ count: items, signal },
        writeInput: (_, out, offset) => out.fill(0.1, offset, offset + inputShape.reduce((a, b) => a * b)),
      });
    await evaluate();
    started = performance.now();
    await evaluate();
    return { step: stepSeconds, item: (performance.now() - started) / 1000 / items };
  } finally {
    step.dispose();
    predictor.dispose();
    optimizer.dispose();
    model.dispose();
  }
}
