import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Dropout, dropoutSeed } from "../../src/nn/layers/dropout.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { Relu } from "../../src/nn/layers/relu.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { freezeLayers, trainableParameters } from "../../src/training/frozenLayers.js";
import { MovingAverage } from "../../src/training/movingAverage.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { AdamW } from "../../src/training/optimizers/adamW.js";
import type { Optimizer } from "../../src/training/optimizers/optimizer.js";
import { Sgd } from "../../src/training/optimizers/sgd.js";
import { cosine } from "../../src/training/schedule.js";
import { type TrainingStepOptions, trainingStep } from "../../src/training/trainingStep.js";

type Symbolic = TensorFlow.SymbolicTensor;

function smallModel(): TensorFlow.LayersModel {
  const input = tf.input({ shape: [6, 5, 1] });
  let x = new Conv2d({ filters: 4, kernelSize: 3, padding: 1, name: "conv" }).apply(input) as Symbolic;
  x = new BatchNorm2d({ name: "norm" }).apply(x) as Symbolic;
  x = new Relu({ name: "relu" }).apply(x) as Symbolic;
  x = new Dropout({ rate: 0.25, name: "dropout" }).apply(x) as Symbolic;
  x = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(x) as Symbolic;
  const model = tf.model({ inputs: input, outputs: new Linear({ units: 3, name: "fc" }).apply(x) as Symbolic });
  initialiseWeights(model, new Streams(3));
  return model;
}

interface Case {
  optimizer: (parameters: TensorFlow.Variable[]) => Optimizer;
  clip?: TrainingStepOptions["clip"];
  decay?: number;
  freeze?: boolean;
}

const STEPS = 20;
/** Every fifth batch is a short one, as at the end of an epoch. */
const sizeOf = (t: number) => (t % 5 === 4 ? 3 : 8);

/** All that twenty steps leave, under a learning rate that is another one in each. */
function afterSteps(mode: "captured" | "eager", { optimizer: make, clip, decay, freeze }: Case) {
  const model = smallModel();
  if (freeze) freezeLayers(model, (name) => name === "conv" || name === "norm");
  const optimizer = make(trainableParameters(model));
  const average = decay === undefined ? undefined : new MovingAverage(model, decay);
  const step = compile(trainingStep({ model, optimizer, loss: crossEntropy, clip, average }), { mode });
  const streams = new Streams(5);
  const rate = cosine(0.05, { period: STEPS, floor: 1e-4 });
  const losses: number[] = [];
  let looked: Map<string, unknown> | undefined;
  const counts = new Set<number>();
  for (let t = 0; t < STEPS; t++) {
    const rng = streams.stream("batch", t);
    const size = sizeOf(t);
    const inputs = tf.tensor4d(
      Float32Array.from({ length: size * 30 }, () => rng.normal()),
      [size, 6, 5, 1],
    );
    const targets = tf.tidy(() =>
      tf.oneHot(
        tf.tensor1d(
          Array.from({ length: size }, () => rng.integer(3)),
          "int32",
        ),
        3,
      ),
    );
    const numbers = tf.tensor1d(optimizer.stepNumbers(rate(t)));
    const seed = dropoutSeed(streams.stream("dropout", t));
    const results = step(inputs, targets as TensorFlow.Tensor2D, numbers, seed).filter((one) => one !== undefined);
    optimizer.step++;
    for (const result of results) losses.push(...result.dataSync());
    tf.dispose([inputs, targets, numbers, seed, ...results]);
    // In the middle of the run, weights and averages change places and back.
    if (t === STEPS / 2) looked = average?.tensors();
    counts.add(tf.memory().numTensors);
  }
  const found = {
    losses,
    weights: readWeights(model),
    slots: optimizer.tensors(),
    averages: average?.tensors(),
    looked,
  };
  const { captured, traces } = step;
  step.dispose();
  optimizer.dispose();
  average?.dispose();
  model.dispose();
  return { found, counts, captured, traces: traces.length };
}

describe("twenty captured steps equal the same run one operation at a time, bit for bit", () => {
  test.each<[string, Case]>([
    ["sgd", { optimizer: (p) => new Sgd(p) }],
    [
      "sgd, momentum, decay, clipped by norm",
      { optimizer: (p) => new Sgd(p, { momentum: 0.9, weightDecay: 0.01 }), clip: { globalNorm: 0.1 } },
    ],
    [
      "sgd, Nesterov, clipped by value",
      { optimizer: (p) => new Sgd(p, { momentum: 0.9, nesterov: true }), clip: { value: 0.01 } },
    ],
    ["adam, moving average", { optimizer: (p) => new Adam(p), decay: 0.1 }],
    ["adam, decay, a frozen part", { optimizer: (p) => new Adam(p, { weightDecay: 0.01 }), freeze: true }],
    [
      "adamw, clipped by norm, moving average",
      { optimizer: (p) => new AdamW(p, { weightDecay: 0.1 }), clip: { globalNorm: 0.1 }, decay: 0.9 },
    ],
  ])("%s", (_, options) => {
    const eager = afterSteps("eager", options);
    const captured = afterSteps("captured", options);
    expect(captured.found).toEqual(eager.found);
    expect([eager.captured, captured.captured]).toEqual([false, true]);
    // One trace for each size of batch, although the rate changes from step to step.
    expect(captured.traces).toBe(2);
    expect([eager.counts.size, captured.counts.size]).toEqual([1, 1]);
  });
});
