import { readWeights, writeWeights } from "../nn/weights/modelWeights.js";
import type { NamedTensor } from "../nn/weights/safetensors.js";
import type { TensorFlow } from "../tensorflow.js";
import type { MovingAverage } from "./movingAverage.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { Precision } from "./runIdentity.js";

/** One line of a run's history. */
export interface EpochRecord {
  epoch: number;
  /** Spent on what counts, over all sittings; what a kill made the run do again is not in it. */
  seconds: number;
  metrics: Record<string, number>;
}

/** The epoch that was begun: steps done, and the sums over them from which its means are made. */
export interface EpochSums {
  steps: number;
  loss: number;
  /** Of the gradients' norms before clipping, where they are watched. */
  norm?: number;
  /** Of the objective's parts, by name. */
  parts?: Record<string, number>;
  seconds: number;
}

/** All that a resumed run needs beside the tensors: randomness is a function of seed, epoch and step. */
export interface TrainingState {
  /** Epochs that are done: trained, looked at, recorded. */
  epoch: number;
  begun: EpochSums;
  optimizerStep: number;
  /** The learning rate over the run, in words. */
  schedule?: string;
  precision?: Precision;
  /** None before the first epoch is done. */
  best?: { epoch: number; selection: number };
  history: EpochRecord[];
  /** Circumstances that changed on the way, a sentence each: from then on the run equals no other to the last bit. */
  changes: string[];
}

/** What holds a run's tensors. */
export interface TrainedParts {
  model: TensorFlow.LayersModel;
  optimizer: Optimizer;
  average?: MovingAverage;
}

export const noSteps = (): EpochSums => ({ steps: 0, loss: 0, seconds: 0 });

/** Copies of weights, slots, averages and the best weights so far, as "model/...", "optimizer/...", "average/...", "best/...". */
export function collectTensors(
  { model, optimizer, average }: TrainedParts,
  best: ReadonlyMap<string, NamedTensor>,
): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of readWeights(model)) tensors.set(`model/${name}`, tensor);
  for (const [name, tensor] of optimizer.tensors()) tensors.set(`optimizer/${name}`, tensor);
  for (const [name, tensor] of average?.tensors() ?? []) tensors.set(`average/${name}`, tensor);
  for (const [name, tensor] of best) tensors.set(`best/${name}`, tensor);
  return tensors;
}

/** Puts back what `collectTensors` gave, and answers the best weights. Throws where the parts are not those it came from. */
export function restoreTensors(
  { model, optimizer, average }: TrainedParts,
  tensors: ReadonlyMap<string, NamedTensor>,
  optimizerStep: number,
): Map<string, NamedTensor> {
  writeWeights(model, taken(tensors, "model/"));
  optimizer.restore(optimizerStep, taken(tensors, "optimizer/"));
  const averages = taken(tensors, "average/");
  if (average && averages.size === 0) throw new Error("the checkpoint holds no moving average, and the run keeps one");
  if (!average && averages.size > 0) throw new Error("the checkpoint holds a moving average, and the run keeps none");
  average?.restore(averages);
  return taken(tensors, "best/");
}

/** A state as it came out of JSON, which has no NaN: a metric that an epoch lacked is null there. */
export function fromJson(state: TrainingState): TrainingState {
  const history = state.history.map((record) => {
    const metrics = Object.entries(record.metrics as Record<string, number | null>);
    return { ...record, metrics: Object.fromEntries(metrics.map(([name, value]) => [name, value ?? Number.NaN])) };
  });
  return { ...state, history };
}

/** The first tensor that holds an infinity or no number, by name. */
export function firstNonFinite(tensors: ReadonlyMap<string, NamedTensor>): string | undefined {
  for (const [name, { values }] of tensors) if (!allFinite(values)) return name;
  return undefined;
}

export function allFinite(values: ArrayLike<number>): boolean {
  // Zero times a finite number is zero; a sum stays so only if all are.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0;
}

function taken(tensors: ReadonlyMap<string, NamedTensor>, prefix: string): Map<string, NamedTensor> {
  const result = new Map<string, NamedTensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith(prefix)) result.set(name.slice(prefix.length), tensor);
  }
  return result;
}
