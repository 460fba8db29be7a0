import { createHash } from "node:crypto";
import { compile } from "../../src/engine/compile.js";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Dropout, dropoutSeed } from "../../src/nn/layers/dropout.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { MaxPool2d } from "../../src/nn/layers/maxPool2d.js";
import { Relu } from "../../src/nn/layers/relu.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { MovingAverage } from "../../src/training/movingAverage.js";
import type { Optimizer } from "../../src/training/optimizers/optimizer.js";
import { trainingStep } from "../../src/training/trainingStep.js";

export const SIDE = 12;
export const CLASSES = 3;

/** Two convolutions with batch norm and a pool, dropout, one linear layer: every layer of the backbones once. */
export function toyNet(seed: number): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [SIDE, SIDE, 1] });
  let x = inputs;
  const layers = [
    new Conv2d({ filters: 6, kernelSize: 3, padding: 1, name: "conv1" }),
    new BatchNorm2d({ name: "bn1" }),
    new Relu({ name: "relu1" }),
    new MaxPool2d({ size: 3, stride: 2, padding: 1, name: "pool" }),
    new Conv2d({ filters: 8, kernelSize: 3, stride: 2, padding: 1, name: "conv2" }),
    new BatchNorm2d({ name: "bn2" }),
    new Relu({ name: "relu2" }),
    tf.layers.globalAveragePooling2d({ name: "mean" }),
    new Dropout({ rate: 0.25, name: "dropout" }),
    new Linear({ units: CLASSES, name: "fc" }),
  ];
  for (const layer of layers) x = layer.apply(x) as TensorFlow.SymbolicTensor;
  const model = tf.model({ inputs, outputs: x });
  initialiseWeights(model, new Streams(seed));
  return model;
}

/** Batch `index` of a seed: 6 items, every fifth time 4. */
export function toyBatch(seed: number, index: number) {
  const streams = new Streams(seed);
  const rng = streams.stream("batch", index);
  const size = index % 5 === 4 ? 4 : 6;
  const x = Float32Array.from({ length: size * SIDE * SIDE }, () => rng.normal());
  const y = new Float32Array(size * CLASSES);
  for (let item = 0; item < size; item++) y[item * CLASSES + rng.integer(CLASSES)] = 1;
  return {
    x: tf.tensor4d(x, [size, SIDE, SIDE, 1]),
    y: tf.tensor2d(y, [size, CLASSES]),
    dropout: dropoutSeed(streams.stream("dropout", index)),
  };
}

export interface ToyResult {
  losses: number[];
  /** All numbers that training changes, by name: weights, running statistics, slots, averages. */
  state: Record<string, Float32Array>;
  hash: string;
}

/** Trains 20 steps. The learning rate changes from step to step. */
export function trainToy(
  seed: number,
  mode: "captured" | "eager",
  makeOptimizer: (parameters: TensorFlow.Variable[]) => Optimizer,
  steps = 20,
): ToyResult {
  const model = toyNet(seed);
  const optimizer = makeOptimizer(model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable));
  const average = new MovingAverage(model, 0.9);
  const step = compile(trainingStep({ model, optimizer, loss: crossEntropy, clip: { globalNorm: 1 }, average }), {
    mode,
  });
  const losses: number[] = [];
  for (let index = 0; index < steps; index++) {
    const { x, y, dropout } = toyBatch(seed, index);
    const numbers = tf.tensor1d(optimizer.stepNumbers(0.05 / (1 + index)));
    const results = step(x, y, numbers, dropout);
    optimizer.step++;
    losses.push(results[0].dataSync()[0]!);
    tf.dispose([x, y, numbers, dropout, results]);
  }
  const state: Record<string, Float32Array> = {};
  for (const [prefix, tensors] of [
    ["model", readWeights(model)],
    ["slots", optimizer.tensors()],
    ["average", average.tensors()],
  ] as const) {
    for (const [name, { values }] of tensors) state[`${prefix}/${name}`] = values as Float32Array;
  }
  const hash = createHash("sha256").update(Float64Array.from(losses));
  for (const [name, values] of Object.entries(state)) hash.update(name).update(values);
  step.dispose();
  average.dispose();
  optimizer.dispose();
  model.dispose();
  return { losses, state, hash: hash.digest("hex") };
}
