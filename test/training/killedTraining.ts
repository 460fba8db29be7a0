import { createHash } from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Dropout, dropoutSeed } from "../../src/nn/layers/dropout.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { Relu } from "../../src/nn/layers/relu.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { encodeSafetensors } from "../../src/nn/weights/safetensors.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import { trainableParameters } from "../../src/training/frozenLayers.js";
import { MovingAverage } from "../../src/training/movingAverage.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { Sgd } from "../../src/training/optimizers/sgd.js";
import { predict } from "../../src/training/predict.js";
import { afterWarmUp, byStep, cosine } from "../../src/training/schedule.js";
import { ShuffledBatches } from "../../src/training/shuffledBatches.js";
import { train } from "../../src/training/train.js";
import { collectTensors, type TrainingState } from "../../src/training/trainingState.js";
import { type KilledTraining, SIDE } from "./killing.js";

const CLASSES = 3;
const BATCH = 8;

const sleep = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Prints "step" after each step, and at the end "done HASH": of all that the run leaves, but for the clock. */
async function main(task: KilledTraining): Promise<void> {
  const { fsyncSync } = fs;
  fs.fsyncSync = (handle) => {
    sleep(task.syncMs);
    fsyncSync(handle);
  };
  syncBuiltinESMExports();

  const values = new Float32Array(new Uint8Array(fs.readFileSync(task.inputs)).buffer);
  const size = SIDE * SIDE;
  const count = values.length / size;
  const streams = new Streams(7);
  const model = smallModel();
  initialiseWeights(model, streams);
  const parameters = trainableParameters(model);
  const optimizer =
    task.optimizer === "adam"
      ? new Adam(parameters, { weightDecay: 1e-3 })
      : new Sgd(parameters, { momentum: 0.9, nesterov: true, weightDecay: 1e-3 });
  const average = task.average ? new MovingAverage(model, 0.9) : undefined;
  const batches = new ShuffledBatches({ count, batchSize: BATCH }, streams);
  const { stepsPerEpoch } = batches;
  const steps = task.epochs * stepsPerEpoch;
  const { history, best, changes } = await train({
    ...{ model, optimizer, average, loss: crossEntropy, epochs: task.epochs, stepsPerEpoch },
    clip: task.optimizer === "sgd" ? { globalNorm: 1 } : undefined,
    learningRate: byStep(
      afterWarmUp(cosine(0.02, { period: steps }), { duration: 5, startFactor: 0.1 }),
      stepsPerEpoch,
    ),
    batch(epoch, step) {
      const items = batches.indices(epoch, step);
      const inputs = new Float32Array(items.length * size);
      items.forEach((item, i) => {
        const rng = streams.stream("gain", epoch, item);
        const gain = 0.5 + rng.uniform();
        for (let j = 0; j < size; j++) inputs[i * size + j] = gain * values[item * size + j]!;
      });
      sleep(task.stepMs);
      return {
        inputs: tf.tensor4d(inputs, [items.length, SIDE, SIDE, 1]),
        targets: tf.tidy(() => tf.oneHot(items.map(labelOf), CLASSES).toFloat() as TensorFlow.Tensor2D),
        draws: { dropoutSeed: dropoutSeed(streams.stream("dropout", epoch, step)) },
      };
    },
    async evaluate(epoch) {
      const logits = await predict({
        ...{ model, count, classes: CLASSES, inputShape: [SIDE, SIDE, 1], signal: new AbortController().signal },
        writeInput: (index, out, offset) => out.set(values.subarray(index * size, (index + 1) * size), offset),
      });
      let right = 0;
      for (let item = 0; item < count; item++) right += logits[item * CLASSES + labelOf(item)]!;
      // Higher in odd epochs, so that the best is not always the last.
      return { metrics: { "select/right": right }, selection: right / count + (epoch % 2) };
    },
    checkpoints: new Checkpoints<TrainingState>(task.folder, { signature: "s", settings: {}, circumstances: {} }),
    checkpointEverySeconds: task.checkpointEverySeconds,
    onEpoch() {},
    onProgress: () => void process.stdout.write("step\n"),
    warn: (message) => void process.stdout.write(`warning: ${message}\n`),
    signal: new AbortController().signal,
  });
  const hash = createHash("sha256");
  hash.update(encodeSafetensors(collectTensors({ model, optimizer, average }, best.weights)));
  hash.update(encodeSafetensors(readWeights(model)));
  const records = history.map(({ epoch, metrics }) => ({ epoch, metrics }));
  hash.update(JSON.stringify({ records, best: [best.epoch, best.selection], steps: optimizer.step, changes }));
  process.stdout.write(`done ${hash.digest("hex")}\n`);
}

const labelOf = (item: number) => item % CLASSES;

function smallModel(): TensorFlow.LayersModel {
  type Symbolic = TensorFlow.SymbolicTensor;
  const input = tf.input({ shape: [SIDE, SIDE, 1] });
  let x = new Conv2d({ filters: 6, kernelSize: 3, stride: 2, padding: 1, name: "conv" }).apply(input) as Symbolic;
  x = new BatchNorm2d({ name: "norm" }).apply(x) as Symbolic;
  x = new Relu({ name: "relu" }).apply(x) as Symbolic;
  x = new Dropout({ rate: 0.2, name: "dropout" }).apply(x) as Symbolic;
  x = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(x) as Symbolic;
  return tf.model({ inputs: input, outputs: new Linear({ units: CLASSES, name: "fc" }).apply(x) as Symbolic });
}

void main(JSON.parse(process.argv[2]!) as KilledTraining);
