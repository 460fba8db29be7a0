import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import { trainableParameters } from "../../src/training/freeze.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { type TrainingState, type TrainOptions, train } from "../../src/training/train.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** A convolution, batch norm (whose statistics are state too) and a classifier of two classes. */
function tinyModel(): TensorFlow.LayersModel {
  const input = tf.input({ shape: [4, 5, 1] });
  let x = new Conv2d({ filters: 3, kernelSize: 3, stride: 1, padding: 1, name: "conv" }).apply(input) as Symbolic;
  x = new BatchNorm2d({ name: "norm" }).apply(x) as Symbolic;
  x = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(x) as Symbolic;
  return tf.model({ inputs: input, outputs: new Linear({ units: 2, name: "fc" }).apply(x) as Symbolic });
}

const EPOCHS = 4;

describe("training", () => {
  let folder: string;
  let clean: (() => void)[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "auscult-train-"));
    clean = [];
  });
  afterEach(() => {
    for (const one of clean) one();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a process would set up: everything anew, from the seed. */
  function setUp(seed: number, over: Partial<TrainOptions> = {}) {
    const streams = new Streams(seed);
    const model = tinyModel();
    initialiseWeights(model, streams);
    const optimizer = new Adam(trainableParameters(model), { weightDecay: 1e-3 });
    clean.push(() => {
      optimizer.dispose();
      model.dispose();
    });
    const warnings: string[] = [];
    const options: TrainOptions = {
      model,
      optimizer,
      loss: crossEntropy,
      learningRate: () => 0.01,
      epochs: EPOCHS,
      stepsPerEpoch: 3,
      batch(epoch, step) {
        const rng = streams.stream("batch", epoch, step);
        const values = Float32Array.from({ length: 6 * 20 }, (_, i) => rng.normal() + (i < 60 ? 0.5 : 0));
        return {
          inputs: tf.tensor4d(values, [6, 4, 5, 1]),
          targets: tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [6, 2]),
        };
      },
      // Best in the second epoch, and a metric that the third lacks.
      evaluate: async (epoch) => ({
        metrics: { "select/score": [0.1, 0.9, Number.NaN, 0.5][epoch - 1]! },
        selection: [0.1, 0.9, -1, 0.5][epoch - 1]!,
      }),
      checkpoints: new Checkpoints<TrainingState>(path.join(folder, `${seed}`), `seed ${seed}`),
      onEpoch() {},
      onProgress() {},
      warn: (message) => warnings.push(message),
      signal: new AbortController().signal,
      ...over,
    };
    return { options, model, optimizer, warnings };
  }

  /** All that a run leaves, without the clock. */
  async function outcome(run: ReturnType<typeof setUp>) {
    const { history, best } = await train(run.options);
    return {
      history: history.map(({ epoch, metrics }) => ({ epoch, metrics })),
      best,
      weights: readWeights(run.model),
      moments: run.optimizer.tensors(),
      steps: run.optimizer.step,
    };
  }

  const alone = (seed: number) => {
    rmSync(path.join(folder, `${seed}`), { recursive: true, force: true });
    return outcome(setUp(seed));
  };

  test("learns: the loss falls, and the weights of the best epoch are its own", async () => {
    const seen: Map<string, unknown>[] = [];
    const run = setUp(1);
    const weights = () => readWeights(run.model);
    run.options.onEpoch = () => seen.push(weights());
    const { history, best, weights: last } = await outcome(run);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(history[3]!.metrics["train/loss"]).toBeLessThan(history[0]!.metrics["train/loss"]!);
    expect({ epoch: best.epoch, selection: best.selection }).toEqual({ epoch: 2, selection: 0.9 });
    expect(best.weights).toEqual(seen[1]);
    expect(best.weights).not.toEqual(seen[3]);
    expect(last).toEqual(seen[3]);
    expect(run.optimizer.step).toBe(12);
  });

  test("the epoch's loss is the mean of its steps' losses", async () => {
    const losses: number[] = [];
    const run = setUp(1, { epochs: 1, onProgress: ({ loss }) => losses.push(loss) });
    const { history } = await outcome(run);
    expect(losses).toHaveLength(3);
    expect(history[0]!.metrics["train/loss"]).toBeCloseTo((losses[0]! + losses[1]! + losses[2]!) / 3, 12);
  });

  test.each([1, 2, 3])(
    "stopped in epoch %i and taken up again, equals the uninterrupted run bit for bit",
    async (at) => {
      const wanted = await alone(3);
      rmSync(path.join(folder, "3"), { recursive: true });

      const controller = new AbortController();
      const first = setUp(3, {
        signal: controller.signal,
        onProgress: ({ epoch, step }) => {
          if (epoch === at + 1 && step === 2) controller.abort();
        },
      });
      await expect(train(first.options)).rejects.toMatchObject({
        name: "Interrupted",
        message: `stopped in epoch ${at + 1} of 4, step 2 of 3`,
      });
      const second = setUp(3);
      const epochs: number[] = [];
      second.options.onEpoch = ({ epoch }) => epochs.push(epoch);
      expect(await outcome(second)).toEqual(wanted);
      expect(epochs).toEqual([1, 2, 3, 4].slice(at));
      expect(second.warnings).toEqual([]);
    },
  );

  test("taken up after every epoch, and once more when it was done", async () => {
    const wanted = await alone(4);
    rmSync(path.join(folder, "4"), { recursive: true });
    for (let epochs = 1; epochs <= EPOCHS; epochs++) await train(setUp(4, { epochs }).options);
    const again = setUp(4, {
      batch: () => {
        throw new Error("nothing is left to do");
      },
    });
    expect(await outcome(again)).toEqual(wanted);
  });

  test("the same seed gives the same, other seeds something else", async () => {
    const [zero, again, one, two] = [await alone(0), await alone(0), await alone(1), await alone(2)];
    expect(again).toEqual(zero);
    const losses = [zero, one, two].map(({ history }) => history[3]!.metrics["train/loss"]);
    expect(new Set(losses).size).toBe(3);
  });

  test("a loss that is not a number stops it, and says where; the epochs before are kept", async () => {
    const run = setUp(5);
    const { batch } = run.options;
    run.options.batch = (epoch, step) => {
      const made = batch(epoch, step);
      if (epoch !== 2 || step !== 1) return made;
      const inputs = tf.mul(made.inputs, Number.NaN) as TensorFlow.Tensor4D;
      made.inputs.dispose();
      return { ...made, inputs };
    };
    await expect(train(run.options)).rejects.toThrow(
      "the loss became NaN in epoch 2, step 2; the last checkpoint is epoch 1's",
    );
    expect(run.options.checkpoints.latest(() => {})!.state.epoch).toBe(1);
  });

  test("a selection that is not a number is refused", async () => {
    const run = setUp(5, { evaluate: async () => ({ metrics: {}, selection: Number.NaN }) });
    await expect(train(run.options)).rejects.toThrow("epoch 1 cannot be chosen by");
  });

  test("holds no more tensors at the end than before", async () => {
    const run = setUp(6);
    const counts: number[] = [];
    run.options.onProgress = () => counts.push(tf.memory().numTensors);
    const before = tf.memory().numTensors;
    await train(run.options);
    expect(tf.memory().numTensors).toBe(before);
    expect(new Set(counts).size).toBe(1);
  });
});
