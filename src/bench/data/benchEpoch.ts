import { compile } from "../../engine/compile.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import { engineThreads, tf } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { type PreparedBatches, prepareBatches } from "../../training/preparedBatches.js";
import { type Batch, runStep } from "../../training/runStep.js";
import { breathe } from "../../training/train.js";
import { trainingStep } from "../../training/trainingStep.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import type { Building, EpochCase } from "./epochCases.js";

/** Steps on batches that are made beside them, against the same steps on ready ones. */
export interface EpochBench {
  name: string;
  title: string;
  workers: number;
  /** Threads of a step; the workers run below them in priority. */
  engineThreads: number;
  /** Median milliseconds of a step on ready batches. */
  bareMs: number;
  /** Milliseconds that making a batch takes its worker. */
  makingMs: number;
  /** Wall time of the steps with their batches over that of the bare steps. */
  ratio: MedianRatio;
  /** The same with batches made between the steps. */
  withoutWorkers: MedianRatio;
}

export interface EpochBenchOptions {
  dataDir: string;
  rounds: number;
  stepsPerRound: number;
  workers: number;
  building: Building;
  signal: AbortSignal;
  onRound?(done: number): void;
}

/** Batches that the bare steps take turns with. */
const READY = 3;

/**
 * Bare steps, steps with batches from workers and steps with batches made between them, round by round in one process. What workers made
 * ahead during another's turn is used up before the clock runs.
 */
export async function benchEpoch(one: EpochCase, options: EpochBenchOptions): Promise<EpochBench> {
  const { dataDir, rounds, stepsPerRound, workers, building, signal } = options;
  const { batchSize, inputShape, classes } = one;
  const slots = workers + 2;
  const stepsPerEpoch = rounds * (stepsPerRound + slots) + 2 * READY;
  const { program, options: itemOptions } = await one.items(dataDir, stepsPerEpoch, building);
  const settings = { program, options: itemOptions as never, inputShape, classes, epochs: 1, stepsPerEpoch };
  const beside = await prepareBatches({ ...settings, workers, slots });
  const between = await prepareBatches({ ...settings, workers: 0 });
  try {
    const model = one.network();
    initialiseWeights(model, new Streams(1));
    const optimizer = new Adam(trainableParameters(model), { weightDecay: 1e-4 });
    const source = { model, optimizer, loss: crossEntropy, learningRate: () => 1e-4 };
    const step = compile(trainingStep(source), { name: "the step" });

    const ready: [Float32Array, Float32Array][] = [];
    for (let i = 0; i < READY; i++) {
      const { inputs, targets } = await between.batch(1, i);
      ready.push([inputs.dataSync().slice() as Float32Array, targets.dataSync().slice() as Float32Array]);
      tf.dispose([inputs, targets]);
    }
    const bare = (_: number, index: number): Batch => {
      const [inputs, targets] = ready[index % READY]!;
      const shape: [number, number, number, number] = [batchSize, ...inputShape];
      return { inputs: tf.tensor4d(inputs, shape), targets: tf.tensor2d(targets, [batchSize, classes]) };
    };
    /** Seconds of so many steps, as `train` takes them. */
    const steps = async (batch: PreparedBatches["batch"], first: number, count: number) => {
      const started = performance.now();
      for (let index = first; index < first + count; index++) {
        await runStep({ ...source, batch }, step, 1, index);
        await breathe(signal, "the measurement");
      }
      return (performance.now() - started) / 1000;
    };

    const times = { bare: [] as number[], beside: [] as number[], between: [] as number[] };
    await steps(bare, 0, READY);
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      const turns = [
        async () => times.bare.push(await steps(bare, 0, stepsPerRound)),
        async () => {
          await steps(beside.batch, next, slots);
          times.beside.push(await steps(beside.batch, next + slots, stepsPerRound));
        },
        async () => times.between.push(await steps(between.batch, next, stepsPerRound)),
      ];
      for (let turn = 0; turn < turns.length; turn++) await turns[(round + turn) % turns.length]!();
      next += stepsPerRound + slots;
      options.onRound?.(round + 1);
    }
    step.dispose();
    return {
      ...{ name: one.name, title: one.title, workers, engineThreads },
      bareMs: (1000 * median(times.bare)) / stepsPerRound,
      makingMs: (1000 * beside.times.secondsMaking) / beside.times.batches,
      ratio: medianRatio(times.beside, times.bare),
      withoutWorkers: medianRatio(times.between, times.bare),
    };
  } finally {
    await beside.close();
    await between.close();
  }
}
