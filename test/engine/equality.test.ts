import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { AdamW } from "../../src/training/optimizers/adamW.js";
import type { Optimizer } from "../../src/training/optimizers/optimizer.js";
import { Sgd } from "../../src/training/optimizers/sgd.js";
import { expectNoLeaks } from "./leaks.js";
import { type ToyResult, trainToy } from "./toyTraining.js";

expectNoLeaks();

const optimizers: Record<string, (parameters: TensorFlow.Variable[]) => Optimizer> = {
  adam: (parameters) => new Adam(parameters, { weightDecay: 1e-3 }),
  adamW: (parameters) => new AdamW(parameters, { weightDecay: 1e-2 }),
  sgd: (parameters) => new Sgd(parameters, { momentum: 0.9, nesterov: true, weightDecay: 1e-3 }),
};

describe("20 steps with short batches, captured and eager, are the same bit for bit", () => {
  test.each(Object.keys(optimizers))("%s, clipping, dropout, moving average", (name) => {
    const captured = trainToy(0, "captured", optimizers[name]!);
    const eager = trainToy(0, "eager", optimizers[name]!);
    expect(captured.losses).toEqual(eager.losses);
    expect(Object.keys(captured.state)).toEqual(Object.keys(eager.state));
    const differing = Object.keys(eager.state).filter((key) => {
      return Buffer.compare(Buffer.from(captured.state[key]!.buffer), Buffer.from(eager.state[key]!.buffer)) !== 0;
    });
    expect(differing).toEqual([]);
    const kinds = new Set(Object.keys(eager.state).map((key) => key.split("/")[0]));
    expect(kinds).toEqual(new Set(["model", "slots", "average"]));
    expect(hasMoved(captured)).toBe(true);
  });

  test("layers of tfjs's own: convolution, batch normalisation, dense", () => {
    const run = (mode: "captured" | "eager") => {
      const init = (seed: number) => tf.initializers.heNormal({ seed });
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1], kernelInitializer: init(1) }),
          tf.layers.batchNormalization(),
          tf.layers.activation({ activation: "relu" }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, kernelInitializer: init(2) }),
        ],
      });
      const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
      const step = compile(
        (x: TensorFlow.Tensor, y: TensorFlow.Tensor, rate: TensorFlow.Tensor) => {
          const loss = () => {
            const logits = model.apply(x, { training: true }) as TensorFlow.Tensor2D;
            return tf.losses.softmaxCrossEntropy(y as TensorFlow.Tensor2D, logits) as TensorFlow.Scalar;
          };
          const { value, grads } = tf.variableGrads(loss, variables);
          for (const variable of variables) variable.assign(tf.sub(variable, tf.mul(rate, grads[variable.name]!)));
          return value;
        },
        { mode },
      );
      const losses = Array.from({ length: 20 }, (_, i) => {
        const size = i === 19 ? 3 : 5;
        const inputs = tf.tidy(() => [
          tf.randomNormal([size, 8, 8, 1], 0, 1, "float32", i + 1),
          tf.cast(
            tf.oneHot(
              tf.tensor1d(
                Array.from({ length: size }, (_, k) => k % 3),
                "int32",
              ),
              3,
            ),
            "float32",
          ),
          tf.scalar(0.1 / (1 + i)),
        ]);
        const loss = step(inputs[0]!, inputs[1]!, inputs[2]!);
        const [value] = loss.dataSync();
        tf.dispose([inputs, loss]);
        return value;
      });
      const weights = model.getWeights().map((tensor) => tensor.dataSync());
      step.dispose();
      model.dispose();
      return { losses, weights };
    };
    expect(run("captured")).toEqual(run("eager"));
  });
});

const hasMoved = ({ losses }: ToyResult) => new Set(losses).size === losses.length;

describe("a seed", () => {
  test("gives the same training in another process, and another one in each of three", async () => {
    const adam = (parameters: TensorFlow.Variable[]) => new Adam(parameters);
    const program = path.join(__dirname, "toyHash.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, "0"]);
    const hashes = [0, 1, 2].map((seed) => trainToy(seed, "captured", adam).hash);
    expect(stdout.trim()).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
    expect(trainToy(0, "eager", adam).hash).toBe(hashes[0]);
  });
});
