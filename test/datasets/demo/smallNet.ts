import { readFileSync } from "node:fs";
import { resample } from "../../../src/audio/resample.js";
import { decodeWav } from "../../../src/audio/wav.js";
import { applyCropOrPad } from "../../../src/augment/cropOrPad.js";
import type { Example } from "../../../src/datasets/roles.js";
import { logMel } from "../../../src/features/logMel.js";
import { zScore } from "../../../src/features/normalise.js";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { drawBalanced } from "../../../src/training/balancedSampler.js";
import { Adam } from "../../../src/training/optimizers/adam.js";
import { predict } from "../../../src/training/predict.js";
import { cosine } from "../../../src/training/schedule.js";

/** Both sets hold sounds up to 2 kHz at every rate. */
const SAMPLE_RATE_HZ = 4000;
const BANDS = 24;
const FRAMES = 96;
const INPUT_SHAPE = [BANDS, FRAMES, 1] as const;
const ITEM = BANDS * FRAMES;
const BATCH = 32;
const STEPS = 250;

const frontEnd = logMel({
  ...{ sampleRateHz: SAMPLE_RATE_HZ, fftSize: 512, windowSize: 160, hop: 120, padding: "zeros" },
  ...{ bands: BANDS, minimumHz: 60, maximumHz: 1900, scale: "htk", norm: "area" },
  ...{ reference: "max", floor: 1e-12, rangeDb: 60 },
});

/** A labelled log-mel picture, [24, 96]: the first 2.9 s of a clip, 30 ms from frame to frame, mean 0 and deviation 1. */
export interface Picture {
  label: number;
  values: Float32Array;
}

/** Pictures of examples, whatever the rates of their files. */
export function picturesOf(examples: readonly Example[]): Picture[] {
  const recordings = new Map<string, Float32Array>();
  return examples.map(({ file, startSeconds, endSeconds, label }) => {
    let whole = recordings.get(file);
    if (!whole) {
      const { samples, sampleRateHz } = decodeWav(readFileSync(file), file);
      whole = resample(samples, sampleRateHz, SAMPLE_RATE_HZ, "fast");
      recordings.set(file, whole);
    }
    const clip = whole.subarray(Math.trunc(startSeconds! * SAMPLE_RATE_HZ), Math.trunc(endSeconds! * SAMPLE_RATE_HZ));
    const { data, frames } = frontEnd.compute(clip);
    zScore(data);
    const values = new Float32Array(ITEM);
    applyCropOrPad(data, BANDS, frames, FRAMES, { offset: 0 }, values);
    return { label, values };
  });
}

/**
 * Trains two convolutions, the largest value of each of their maps, and a linear classifier, on balanced draws with Adam
 * and a cosine from 0.005 to 0.
 *
 * @returns the label predicted for each of `test`
 */
export async function trainAndPredict(
  train: readonly Picture[],
  test: readonly Picture[],
  { classes, seed }: { classes: number; seed: number },
): Promise<number[]> {
  const streams = new Streams(seed);
  const model = smallNet(classes);
  initialiseWeights(model, streams);
  const parameters = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
  const optimizer = new Adam(parameters, { weightDecay: 1e-4 });
  const learningRate = cosine(0.005, { period: STEPS });
  const labels = train.map(({ label }) => label);
  for (let step = 0; step < STEPS; step++) {
    const draws = Array.from(drawBalanced(labels, BATCH, streams.stream("draw", step)));
    const values = new Float32Array(BATCH * ITEM);
    for (const [i, index] of draws.entries()) values.set(train[index]!.values, i * ITEM);
    tf.tidy(() => {
      const inputs = tf.tensor(values, [BATCH, ...INPUT_SHAPE]);
      const truths = tf.tensor1d(
        draws.map((index) => labels[index]!),
        "int32",
      );
      const targets = tf.cast(tf.oneHot(truths, classes), "float32") as TensorFlow.Tensor2D;
      const forward = () => crossEntropy(model.apply(inputs, { training: true }) as TensorFlow.Tensor2D, targets);
      const { grads } = tf.variableGrads(forward, parameters);
      optimizer.apply(
        parameters.map(({ name }) => grads[name]!),
        learningRate(step),
      );
    });
  }
  const logits = await predict({
    model,
    count: test.length,
    inputShape: INPUT_SHAPE,
    classes,
    writeInput: (index, out, offset) => out.set(test[index]!.values, offset),
    signal: new AbortController().signal,
  });
  optimizer.dispose();
  model.dispose();
  return test.map((_, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

function smallNet(classes: number): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...INPUT_SHAPE] });
  let x = inputs;
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as TensorFlow.SymbolicTensor;
  };
  for (const [n, filters] of [12, 24].entries()) {
    then(new Conv2d({ filters, kernelSize: 3, stride: 2, padding: 1, name: `conv${n}` }));
    then(new BatchNorm2d({ name: `norm${n}` }));
    then(new Relu({ name: `relu${n}` }));
  }
  then(tf.layers.globalMaxPooling2d({ name: "largest" }));
  then(new Linear({ units: classes, name: "classifier" }));
  return tf.model({ inputs, outputs: x });
}
