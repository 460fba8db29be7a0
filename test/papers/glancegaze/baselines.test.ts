import { describe, expect, test } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Dropout, dropoutSeed } from "../../../src/nn/layers/dropout.js";
import {
  BASELINE_CLASSIFIER,
  BASELINES,
  type BaselineKind,
  type BaselineOptions,
  baselineNetwork,
} from "../../../src/papers/glancegaze/baselines.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../../nn/torchNames.js";

const PAPER: BaselineOptions["inputShape"] = [128, 345, 1];
/** For what is run: the CRNN's pools leave one row and two frames. */
const SMALL: BaselineOptions["inputShape"] = [8, 54, 1];
const recurrent = BASELINES.filter((kind) => kind !== "VGG16");

const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
const shapeOf = (model: TensorFlow.LayersModel, layer: string) =>
  (model.getLayer(layer).output as TensorFlow.SymbolicTensor).shape;

function initialised(kind: BaselineKind): TensorFlow.LayersModel {
  const model = baselineNetwork({ kind, inputShape: SMALL, outputs: 4 });
  initialiseWeights(model, new Streams(1));
  return model;
}

const input = (batch = 2) => tf.tensor4d(Float32Array.from(noise(batch * product(SMALL), 5)), [batch, ...SMALL]);
const seedOf = (seed: number) => dropoutSeed(new Streams(seed).stream("dropout", 1, 0));

function answer(model: TensorFlow.LayersModel, options: { training?: boolean; seed?: number } = {}): number[] {
  return tf.tidy(() => {
    const { training = false, seed } = options;
    const mode = { training, ...(seed === undefined ? {} : { dropoutSeed: seedOf(seed) }) };
    return [...(model.apply(input(), mode as never) as TensorFlow.Tensor).dataSync()];
  });
}

/** Parameters: kernel and bias; both directions of a recurrent layer, each with PyTorch's two biases. */
const convolution = (taps: number, inputs: number, filters: number) => taps * inputs * filters + filters;
const linear = (inputs: number, units: number) => inputs * units + units;
const bidirectional = (gates: number, inputs: number, units: number) =>
  2 * gates * (inputs * units + units * units + 2 * units);

const totals: Record<BaselineKind, (rows: number, channels: number, outputs: number) => number> = {
  // torchvision's 138,365,992 for three channels and 1,000 classes.
  VGG16: (_, channels, outputs) => 138_365_992 + (channels - 3) * 64 * 9 + (outputs - 1000) * 4097,
  CRNN: (rows, channels, outputs) => {
    const convolutions =
      convolution(35, channels, 64) +
      2 * convolution(9, 64, 64) +
      convolution(9, 64, 128) +
      3 * convolution(9, 128, 128);
    const features = Math.floor(rows / 8) * 128;
    return convolutions + bidirectional(4, features, 256) + linear(512, 100) + linear(100, outputs);
  },
  "BiGRU+ATT": (rows, channels, outputs) => {
    const grus = bidirectional(3, rows * channels, 128) + bidirectional(3, 256, 128);
    return grus + linear(256, 256) + 256 + linear(256, outputs);
  },
};

describe.each(BASELINES)("%s", (kind) => {
  test.each([
    [PAPER, 4],
    [[65, 130, 2], 3],
  ] as const)("of maps %o with %i outputs: logits, and parameters by arithmetic", (inputShape, outputs) => {
    const model = baselineNetwork({ kind, inputShape, outputs });
    expect(model.inputs[0]!.shape).toEqual([null, ...inputShape]);
    expect(model.outputs[0]!.shape).toEqual([null, outputs]);
    expect(model.outputs[0]).toBe(model.getLayer(BASELINE_CLASSIFIER[kind]).output);
    const [rows, , channels] = inputShape;
    const total = model.trainableWeights.reduce((sum, { shape }) => sum + product(shape as number[]), 0);
    expect(total).toBe(totals[kind](rows, channels, outputs));
    model.dispose();
  });
});

test("the docstring's totals", () => {
  expect(BASELINES.map((kind) => totals[kind](128, 1, 4))).toEqual([134_284_228, 5_367_160, 561_668]);
});

test("the CRNN's maps: sides kept by convolutions, halved and thirded by each pool; then steps of rows and channels", () => {
  const model = baselineNetwork({ kind: "CRNN", inputShape: PAPER, outputs: 4 });
  const shapes = ["relu1", "pool1", "relu3", "pool2", "relu5", "pool3", "relu7", "byFrames", "lstm", "fc1"];
  expect(shapes.map((layer) => shapeOf(model, layer).slice(1))).toEqual([
    ...[
      [128, 345, 64],
      [64, 115, 64],
      [64, 115, 64],
      [32, 38, 64],
      [32, 38, 128],
      [16, 12, 128],
      [16, 12, 128],
    ],
    ...[[12, 2048], [512], [100]],
  ]);
  expect(model.getLayer("conv1").getConfig()).toMatchObject({ kernelSize: [5, 7], padding: [2, 3] });
  const dropouts = model.layers.filter((layer) => layer instanceof Dropout);
  expect(dropouts.map(({ name }) => name)).toEqual(["dropout1", "dropout2"]);
  expect(dropouts.map((layer) => layer.getConfig().rate)).toEqual([0.5, 0.5]);
  model.dispose();
});

test("the BiGRU's steps are the map's frames, with the rows as features", () => {
  const model = baselineNetwork({ kind: "BiGRU+ATT", inputShape: PAPER, outputs: 4 });
  const shapes = ["byFrames", "gru1", "gru2", "attention"].map((layer) => shapeOf(model, layer).slice(1));
  expect(shapes).toEqual([[345, 128], [345, 256], [345, 256], [256]]);
  const until = tf.model({ inputs: model.inputs, outputs: model.getLayer("byFrames").output });
  tf.tidy(() => {
    const x = tf.tensor4d(Float32Array.from(noise(product(PAPER), 5)), [1, ...PAPER]);
    const steps = until.apply(x) as TensorFlow.Tensor;
    expect([...tf.slice(steps, [0, 7, 0], [1, 1, -1]).dataSync()]).toEqual([
      ...tf.slice(x, [0, 0, 7, 0], [1, -1, 1, 1]).dataSync(),
    ]);
  });
  model.dispose();
});

describe.each(recurrent)("%s, run", (kind) => {
  test("an item's logits depend on the item alone", () => {
    const model = initialised(kind);
    tf.tidy(() => {
      const [first, second] = tf.split(input(), 2) as [TensorFlow.Tensor, TensorFlow.Tensor];
      const alone = [first, second].flatMap((x) => [...(model.apply(x) as TensorFlow.Tensor).dataSync()]);
      const together = answer(model);
      together.forEach((value, i) => {
        expect(Math.abs(value - alone[i]!)).toBeLessThan(1e-5);
      });
      expect(Math.abs(together[0]! - together[4]!)).toBeGreaterThan(1e-4);
    });
    model.dispose();
  });

  test("the same seed starts the same network", () => {
    const [first, second] = [initialised(kind), initialised(kind)];
    expect(answer(second)).toEqual(answer(first));
    for (const model of [first, second]) model.dispose();
  });

  test("a captured training step gives what the eager one gives, bit for bit, and nothing leaks", () => {
    const run = (mode: "captured" | "eager") => {
      const model = initialised(kind);
      const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
      const step = compile(
        (x: TensorFlow.Tensor, seed: TensorFlow.Tensor): TensorFlow.Tensor[] =>
          tf.tidy(() => {
            const { value, grads } = tf.variableGrads(() => {
              const logits = model.apply(x, { training: true, dropoutSeed: seed } as never) as TensorFlow.Tensor;
              return tf.sum(tf.square(logits)) as TensorFlow.Scalar;
            }, variables);
            return [value, ...variables.map(({ name }) => grads[name]!)];
          }),
        { mode },
      );
      expect(step.captured).toBe(mode === "captured");
      const [x, seed] = [input(), seedOf(1)];
      const outputs = step(x, seed);
      const found = outputs.map((tensor) => tensor.dataSync().slice());
      tf.dispose([x, seed, outputs]);
      step.dispose();
      model.dispose();
      return found;
    };
    const before = tf.memory().numTensors;
    const captured = run("captured");
    expect(captured.every((values) => values.some((value: number) => value !== 0))).toBe(true);
    expect(captured).toEqual(run("eager"));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("the CRNN's dropout is the step's: by its seed, in training only", () => {
  const model = initialised("CRNN");
  const trained = answer(model, { training: true, seed: 1 });
  expect(answer(model, { training: true, seed: 1 })).toEqual(trained);
  expect(answer(model, { training: true, seed: 2 })).not.toEqual(trained);
  expect(answer(model)).toEqual(answer(model));
  expect(() => answer(model, { training: true })).toThrow("dropout1: dropout needs a seed");
  model.dispose();
});

describe("what cannot be is refused", () => {
  test("another kind", () => {
    const make = () => baselineNetwork({ kind: "VGG19" as never, inputShape: SMALL, outputs: 4 });
    expect(make).toThrow(RangeError);
    expect(make).toThrow('a baseline must be VGG16, CRNN, BiGRU+ATT, got "VGG19"');
  });

  test.each<[BaselineKind, BaselineOptions["inputShape"], string]>([
    ["VGG16", [31, 64, 1], "features.43: an axis of 1 cells is shorter than the layer's window of 2"],
    ["CRNN", [7, 345, 1], "pool3: an axis of 1 cells is shorter than the layer's window of 2"],
    ["CRNN", [128, 26, 1], "pool3: an axis of 2 cells is shorter than the layer's window of 3"],
    ["BiGRU+ATT", [128, null as never, 1], "gru1: the number of time steps must be fixed"],
    ["CRNN", [128, null as never, 1], "lstm: the number of time steps must be fixed"],
  ])("%s of maps %o", (kind, inputShape, message) => {
    expect(() => baselineNetwork({ kind, inputShape, outputs: 4 })).toThrow(message);
  });
});
