import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import { trainableParameters } from "../../src/training/frozenLayers.js";
import { Interrupted } from "../../src/training/interrupted.js";
import { MovingAverage } from "../../src/training/movingAverage.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import type { Optimizer } from "../../src/training/optimizers/optimizer.js";
import { Sgd } from "../../src/training/optimizers/sgd.js";
import { afterWarmUp, byEpoch, byStep, constant, cosine } from "../../src/training/schedule.js";
import { type TrainOptions, train } from "../../src/training/train.js";
import type { TrainingState } from "../../src/training/trainingState.js";

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
      checkpoints: new Checkpoints<TrainingState>(path.join(folder, `${seed}`), {
        signature: `seed ${seed}`,
        settings: { seed },
        circumstances: { threads: 2 },
      }),
      onEpoch() {},
      onProgress() {},
      warn: (message) => warnings.push(message),
      signal: new AbortController().signal,
      ...over,
    };
    return { options, model, optimizer, warnings };
  }

  /** All that a run leaves, without the clock. */
  async function outcome(run: { options: TrainOptions; model: TensorFlow.LayersModel; optimizer: Optimizer }) {
    const { history, best, changes } = await train(run.options);
    return {
      changes,
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

  test.each([1, 2, 3])("stopped while it is looked at after epoch %i: no step is taken twice", async (at) => {
    const wanted = await alone(11);
    rmSync(path.join(folder, "11"), { recursive: true });
    const first = setUp(11);
    const { evaluate, batch } = first.options;
    first.options.evaluate = async (epoch) => {
      if (epoch === at) throw new Interrupted("stopped in the evaluation");
      return evaluate(epoch);
    };
    await expect(train(first.options)).rejects.toThrow("stopped in the evaluation");
    expect(first.options.checkpoints.latest(() => {})!.at).toEqual({ epoch: at - 1, step: 3 });
    const steps: string[] = [];
    const second = setUp(11, {
      batch: (epoch, step) => {
        steps.push(`${epoch}.${step}`);
        return batch(epoch, step);
      },
    });
    expect(await outcome(second)).toEqual(wanted);
    expect(steps).toHaveLength(3 * (EPOCHS - at));
  });

  test("checkpoints within an epoch, one after each step, change nothing; nor does taking up each of them", async () => {
    const wanted = await alone(12);
    rmSync(path.join(folder, "12"), { recursive: true });
    expect(await outcome(setUp(12, { checkpointEverySeconds: 0 }))).toEqual(wanted);
    rmSync(path.join(folder, "12"), { recursive: true });
    const places: string[] = [];
    for (let sitting = 0; sitting < 3 * EPOCHS; sitting++) {
      const controller = new AbortController();
      const run = setUp(12, { signal: controller.signal, onProgress: () => controller.abort() });
      await expect(train(run.options)).rejects.toThrow("stopped in epoch");
      const { epoch, step } = run.options.checkpoints.latest(() => {})!.at;
      places.push(`${epoch}.${step}`);
    }
    expect(places).toEqual(["0.1", "0.2", "0.3", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3"]);
    expect(await outcome(setUp(12))).toEqual(wanted);
  });

  test("the seconds of an epoch add up over sittings, and the clock on the wall does not count", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    try {
      // Each step takes two seconds; a stop in each, and days back and forth on the wall in between.
      const slow = (over: Partial<TrainOptions>) => {
        const run = setUp(13, { epochs: 1, ...over });
        const { batch } = run.options;
        run.options.batch = async (epoch, step) => {
          vi.advanceTimersByTime(2000);
          return batch(epoch, step);
        };
        return run;
      };
      for (const day of [20, 3, 11]) {
        vi.setSystemTime(new Date(2024, 1, day));
        const controller = new AbortController();
        const run = slow({ signal: controller.signal, onProgress: () => controller.abort() });
        await expect(train(run.options)).rejects.toThrow("stopped in epoch");
        vi.advanceTimersByTime(60_000);
      }
      const { history } = await train(slow({}).options);
      expect(history[0]!.seconds).toBeCloseTo(6, 9);
    } finally {
      vi.useRealTimers();
    }
  });

  test("short epochs share a checkpoint that takes long, the last has its own, and a kill takes several back", async () => {
    const wanted = await alone(15);
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      // An epoch takes 12 s.
      const placesOf = async (checkpointSeconds: number, stopBefore: number) => {
        rmSync(path.join(folder, "15"), { recursive: true });
        const { options } = setUp(15);
        const { batch, checkpoints } = options;
        options.batch = (epoch, step) => {
          if (epoch === stopBefore) throw new Error("killed");
          vi.advanceTimersByTime(4000);
          return batch(epoch, step);
        };
        const places: string[] = [];
        const save = checkpoints.save.bind(checkpoints);
        checkpoints.save = (at, ...rest) => {
          vi.advanceTimersByTime(1000 * checkpointSeconds);
          places.push(`${at.epoch}.${at.step}`);
          save(at, ...rest);
        };
        await train(options).catch((error: Error) => expect(error.message).toBe("killed"));
        return places;
      };
      expect(await placesOf(1.9, 5)).toEqual(["0.0", "1.0", "2.0", "3.0", "4.0"]);
      expect(await placesOf(2.1, 5)).toEqual(["0.0", "2.0", "4.0"]);
      expect(await placesOf(2.1, 4)).toEqual(["0.0", "2.0"]);
    } finally {
      vi.useRealTimers();
    }
    expect(await outcome(setUp(15))).toEqual(wanted);
  });

  describe("with an objective of parts and a draw of its own", () => {
    // Cross-entropy and the share of the mean square of the logits that the batch draws.
    const parted = (seed: number, share: (epoch: number, step: number) => number, over: Partial<TrainOptions> = {}) => {
      const run = setUp(seed, { partNames: ["square", "classification"], drawNames: ["share"], ...over });
      const { model, batch } = run.options;
      const { loss, ...others } = run.options;
      const options: TrainOptions = {
        ...others,
        async batch(epoch, step) {
          return { ...(await batch(epoch, step)), draws: { share: tf.scalar(share(epoch, step)) } };
        },
        objective(inputs, targets, mode) {
          const logits = model.apply(inputs, mode as object) as TensorFlow.Tensor2D;
          const [classification, square] = [loss!(logits, targets), tf.mean(tf.square(logits)) as TensorFlow.Scalar];
          const value = tf.add(classification, tf.mul(mode.share as TensorFlow.Scalar, square)) as TensorFlow.Scalar;
          return { value, parts: { classification, square } };
        },
      };
      return { ...run, options };
    };
    const shares = (epoch: number, step: number) => epoch + step / 10;

    test("of which one is all, it is trained as with a loss; its parts are among an epoch's metrics", async () => {
      const wanted = await alone(16);
      rmSync(path.join(folder, "16"), { recursive: true });
      const found = await outcome(parted(16, () => 0));
      expect(found.weights).toEqual(wanted.weights);
      for (const [i, { metrics }] of found.history.entries()) {
        expect(metrics["train/classification"]).toBe(wanted.history[i]!.metrics["train/loss"]);
        expect(metrics["train/square"]).toBeGreaterThan(0);
      }
    });

    test("the loss is the sum of its parts, the draws reach the step, and stops change nothing", async () => {
      const wanted = await outcome(parted(17, () => 0.25));
      for (const { metrics } of wanted.history) {
        const sum = metrics["train/classification"]! + 0.25 * metrics["train/square"]!;
        expect(metrics["train/loss"]).toBeCloseTo(sum, 6);
      }
      rmSync(path.join(folder, "17"), { recursive: true });
      const drawn = await outcome(parted(17, shares));
      expect(drawn.weights).not.toEqual(wanted.weights);
      rmSync(path.join(folder, "17"), { recursive: true });
      const controller = new AbortController();
      const stopped = parted(17, shares, {
        signal: controller.signal,
        onProgress: ({ epoch, step }) => epoch === 2 && step === 2 && controller.abort(),
      });
      await expect(train(stopped.options)).rejects.toThrow("stopped in epoch 2");
      expect(await outcome(parted(17, shares))).toEqual(drawn);
    });

    test("a part that is not there, and a step without loss and objective, are said", async () => {
      const { options } = parted(18, () => 0, { partNames: ["cube"] });
      await expect(train(options)).rejects.toThrow('the objective has no part "cube"');
      const { loss, ...neither } = setUp(19).options;
      await expect(train(neither)).rejects.toThrow("needs a loss or an objective");
    });
  });

  test("taken up under another schedule it is refused, and both are said", async () => {
    await train(setUp(14, { epochs: 1, learningRate: byEpoch(constant(0.01)) }).options);
    await expect(train(setUp(14, { learningRate: byEpoch(constant(0.02)) }).options)).rejects.toThrow(
      "learning rate was 0.01; time in epochs, is 0.02; time in epochs",
    );
  });

  describe("in bf16", () => {
    const rough = (over: Partial<TrainOptions> = {}) => setUp(3, { precision: "bf16", ...over });

    test("the weights stay float32, the loss stays near, and the same seed gives the same bits", async () => {
      const exact = await alone(3);
      rmSync(path.join(folder, "3"), { recursive: true });
      const first = await outcome(rough());
      rmSync(path.join(folder, "3"), { recursive: true });
      expect(await outcome(rough())).toEqual(first);
      const kernelOf = ({ weights }: typeof first) =>
        Float32Array.from([...weights].find(([name]) => name.endsWith("conv/kernel"))![1].values);
      expect(kernelOf(first)).not.toEqual(kernelOf(exact));
      // bfloat16 keeps eight bits: the lower sixteen of a float32 would be zero.
      const kernel = new Uint32Array(kernelOf(first).buffer);
      expect(kernel.some((bits) => (bits & 0xffff) !== 0)).toBe(true);
      for (const [i, { metrics }] of first.history.entries()) {
        const wanted = exact.history[i]!.metrics["train/loss"]!;
        expect(Math.abs(metrics["train/loss"]! / wanted - 1)).toBeLessThan(0.05);
      }
    });

    test("taken up where it was stopped it ends as if it had not been, and is refused in another precision", async () => {
      const whole = await outcome(rough());
      rmSync(path.join(folder, "3"), { recursive: true });
      const stop = new AbortController();
      const onProgress = ({ epoch, step }: { epoch: number; step: number }) => {
        if (epoch === 2 && step === 2) stop.abort();
      };
      await expect(train(rough({ signal: stop.signal, onProgress }).options)).rejects.toThrow(Interrupted);
      await expect(train(setUp(3).options)).rejects.toThrow("precision was bf16, is float32");
      expect(await outcome(rough())).toEqual(whole);
    });
  });

  test("taken up by other code, it says so in its result, now and later", async () => {
    await train(setUp(15, { epochs: 1 }).options);
    const onOtherCode = (epochs: number) => {
      const run = setUp(15, { epochs });
      const identity = { signature: "seed 15", settings: { seed: 15 }, circumstances: { threads: 2, code: "new" } };
      run.options.checkpoints = new Checkpoints(path.join(folder, "15"), identity);
      return run;
    };
    const changes = ["after 1 epochs and 0 steps: code was not set, is new"];
    const second = onOtherCode(2);
    expect((await train(second.options)).changes).toEqual(changes);
    expect(second.warnings[0]).toContain("code was not set, is new. The result may differ in the last bits");
    const third = onOtherCode(3);
    expect((await train(third.options)).changes).toEqual(changes);
    expect(third.warnings).toEqual([]);
  });

  describe("what is not finite stops it, and is found where it began; the last good checkpoint stays", () => {
    /** Spoils what a batch holds; the label goes for one that is spoiled. */
    const spoil = (options: TrainOptions, at: (epoch: number, step: number) => boolean, factor: number) => {
      const { batch } = options;
      options.batch = async (epoch, step) => {
        const made = await batch(epoch, step);
        if (!at(epoch, step)) return made;
        const inputs = tf.mul(made.inputs, factor) as TensorFlow.Tensor4D;
        made.inputs.dispose();
        return { ...made, inputs };
      };
    };
    const latest = (options: TrainOptions) => options.checkpoints.latest(() => {})!.at;

    test("an input", async () => {
      const run = setUp(5);
      spoil(run.options, (epoch, step) => epoch === 2 && step === 1, Number.NaN);
      await expect(train(run.options)).rejects.toMatchObject({
        name: "NonFiniteError",
        message:
          "the loss became NaN in epoch 2, step 2; first not finite: an input in epoch 2, step 2 (of steps 1 to 2 of epoch 2, " +
          "gone through again); the last good checkpoint, of 1 epochs and 0 steps, stays",
      });
      expect(latest(run.options)).toEqual({ epoch: 1, step: 0 });
      expect(run.warnings).toEqual(["the loss became NaN; looking for where it began"]);
    });

    test("the loss", async () => {
      const run = setUp(5);
      const { batch } = run.options;
      run.options.batch = async (epoch, step) => {
        const made = await batch(epoch, step);
        const targets = tf.mul(made.targets, epoch === 1 && step === 2 ? 3e38 : 1) as TensorFlow.Tensor2D;
        made.targets.dispose();
        return { ...made, targets };
      };
      await expect(train(run.options)).rejects.toThrow(
        "the loss became Infinity in epoch 1, step 3; first not finite: the loss (Infinity) in epoch 1, step 3",
      );
    });

    // 0 times the root's infinite slope at 0: the loss is finite, its gradient is not.
    const rootOfZero: TrainOptions["loss"] = (logits) =>
      tf.sqrt(tf.mul(tf.sum(tf.square(logits)), 0)) as TensorFlow.Scalar;

    test("a gradient that is watched", async () => {
      const run = setUp(1, { loss: rootOfZero, watchGradients: true });
      await expect(train(run.options)).rejects.toThrow(
        /^the gradient of .*conv.*kernel.* became infinite or not a number in epoch 1, step 1; first not finite: the gradient of .*conv/,
      );
    });

    test("a gradient that is not watched comes to light by the next loss, and is found", async () => {
      const run = setUp(1, { loss: rootOfZero });
      await expect(train(run.options)).rejects.toThrow(
        /^the loss became NaN in epoch 1, step 2; first not finite: the gradient of .*conv.* in epoch 1, step 1 \(of steps 1 to 2/,
      );
      expect(latest(run.options)).toEqual({ epoch: 0, step: 0 });
    });

    test("a weight comes to light when it would be saved or looked at, and never is", async () => {
      // Large inputs in the last step: the loss is finite behind batch norm, the running variance is not.
      const run = setUp(2, { evaluate: () => Promise.reject(new Error("no evaluation")) });
      spoil(run.options, (epoch, step) => epoch === 1 && step === 2, 1e25);
      await expect(train(run.options)).rejects.toThrow(
        /^the weight norm\/runningVariance is found infinite or not a number in epoch 1, step 3; first not finite: the weight norm\/runningVariance in epoch 1, step 3/,
      );
      expect(latest(run.options)).toEqual({ epoch: 0, step: 0 });
      const again = setUp(2, { checkpointEverySeconds: 0 });
      again.options.epochs = 1;
      spoil(again.options, (_, step) => step === 1, 1e25);
      await expect(train(again.options)).rejects.toThrow("found infinite or not a number in epoch 1, step 2");
      expect(latest(again.options)).toEqual({ epoch: 0, step: 1 });
    });

    test("what does not happen again is said to be so", async () => {
      const run = setUp(3);
      let times = 0;
      spoil(run.options, (epoch, step) => epoch === 1 && step === 1 && times++ === 0, Number.NaN);
      await expect(train(run.options)).rejects.toThrow(
        "the loss became NaN in epoch 1, step 2; it did not happen in steps 1 to 2 of epoch 1, gone through again",
      );
    });
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

  describe("with momentum, a schedule, clipping and a moving average", () => {
    const rich = (seed: number, over: Partial<TrainOptions> = {}) => {
      const run = setUp(seed, over);
      const optimizer = new Sgd(trainableParameters(run.model), { momentum: 0.9, nesterov: true, weightDecay: 1e-3 });
      const average = new MovingAverage(run.model, 0.7);
      clean.push(() => {
        optimizer.dispose();
        average.dispose();
      });
      const schedule = afterWarmUp(cosine(0.1, { period: 9 }), { duration: 3, startFactor: 0.1 });
      const options = {
        ...run.options,
        optimizer,
        average,
        learningRate: byStep(schedule, 3),
        clip: { globalNorm: 0.5 },
      };
      return { ...run, optimizer, average, options: { ...options, ...over } };
    };
    const outcomeOf = async (run: ReturnType<typeof rich>) => {
      const result = await outcome(run);
      return { ...result, averages: run.average.tensors() };
    };

    test.each([1, 3])(
      "stopped in epoch %i and taken up again, equals the uninterrupted run bit for bit",
      async (at) => {
        const wanted = await outcomeOf(rich(7));
        rmSync(path.join(folder, "7"), { recursive: true });
        const controller = new AbortController();
        const onProgress: TrainOptions["onProgress"] = ({ epoch, step }) => {
          if (epoch === at + 1 && step === 1) controller.abort();
        };
        await expect(train(rich(7, { signal: controller.signal, onProgress }).options)).rejects.toThrow("stopped in");
        expect(await outcomeOf(rich(7))).toEqual(wanted);
      },
    );

    test("the average is what is evaluated and kept as the best; the model ends with its own weights", async () => {
      const looked: Map<string, unknown>[] = [];
      const run = rich(7);
      const { evaluate } = run.options;
      run.options.evaluate = (epoch) => {
        looked.push(readWeights(run.model));
        return evaluate(epoch);
      };
      const { best, weights, averages, history } = await outcomeOf(run);
      expect(best.weights).toEqual(looked[1]);
      expect(averages).toEqual(looked[3]);
      expect(weights).not.toEqual(looked[3]);
      for (const { metrics } of history) expect(metrics["train/gradientNorm"]).toBeGreaterThan(0);
    });

    test("a checkpoint without an average is not taken up by a run that has one, nor the other way round", async () => {
      await train(rich(10, { epochs: 1 }).options);
      const without = { ...rich(10).options, average: undefined };
      await expect(train(without)).rejects.toThrow("the checkpoint holds a moving average, and the run keeps none");

      await train(setUp(8, { epochs: 1 }).options);
      const run = rich(8);
      const adam = new Adam(trainableParameters(run.model));
      clean.push(() => adam.dispose());
      await expect(train({ ...run.options, optimizer: adam })).rejects.toThrow(
        "the checkpoint holds no moving average",
      );
    });

    test("another optimiser's checkpoint is refused, and says whose it is", async () => {
      await train(setUp(9, { epochs: 1 }).options);
      await expect(train(rich(9).options)).rejects.toThrow(
        "sgd keeps momentum for 5 parameters, the checkpoint has first and second",
      );
    });
  });

  test("clipping by a norm bounds the step: plain SGD moves no further than rate times bound", async () => {
    const run = setUp(1, { epochs: 1, stepsPerEpoch: 1, clip: { globalNorm: 1e-3 } });
    const optimizer = new Sgd(trainableParameters(run.model));
    const before = readWeights(run.model);
    await train({ ...run.options, optimizer, learningRate: () => 2 });
    let squares = 0;
    for (const { name } of run.model.trainableWeights) {
      const key = name.replace(/_\d+$/, "");
      const [old, now] = [before.get(key)!, readWeights(run.model).get(key)!].map(({ values }) => values);
      now!.forEach((value, i) => {
        squares += (value - old![i]!) ** 2;
      });
    }
    // Weights are near 1, so each difference is off by up to 2^-24; the bound is 2e-3.
    expect(Math.sqrt(squares)).toBeGreaterThan(2e-3 * 0.998);
    expect(Math.sqrt(squares)).toBeLessThan(2e-3 * 1.002);
  });

  test.each([0, -0.1, Number.NaN])(
    "a learning rate of %s anywhere in the run is refused before the first step",
    async (rate) => {
      const run = setUp(1, { learningRate: (epoch) => (epoch === 3 ? rate : 0.01) });
      run.options.batch = () => {
        throw new Error("no step is taken");
      };
      await expect(train(run.options)).rejects.toThrow(
        `learning rate ${rate} in epoch 3, step 1: must be a positive number`,
      );
      await expect(train({ ...run.options, learningRate: () => 1, clip: { value: 0 } })).rejects.toThrow(
        "clipping, value 0",
      );
    },
  );
});
