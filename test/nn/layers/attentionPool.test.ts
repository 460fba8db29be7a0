import { describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { AttentionPool, type AttentionPoolConfig } from "../../../src/nn/layers/attentionPool.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { close, mean, range, sum } from "./loops.js";
import {
  builtLayer,
  expectWeightedCaptured,
  expectWeightedLoops,
  expectWeightedSaved,
  inputOf,
  type WeightedCase,
} from "./weightedLoops.js";

const [batch, time, features] = [2, 5, 3];

/** Sum over t of softmax_t(v . tanh(W h_t + b)) h_t. */
function caseOf({ units = features }: Partial<AttentionPoolConfig>, given: object = { units }): WeightedCase {
  return {
    make: () => new AttentionPool({ ...given, name: "attention" }),
    input: [batch, time, features],
    output: [batch, features],
    naive: (x, { weight, bias, direction }) =>
      range(batch).flatMap((b) => {
        const h = (t: number, k: number) => x[(b * time + t) * features + k]!;
        const powers = range(time).map((t) => {
          const hidden = range(units).map((j) =>
            Math.tanh(sum(range(features).map((k) => h(t, k) * weight![k * units + j]!)) + bias![j]!),
          );
          return Math.exp(sum(hidden.map((value, j) => value * direction![j]!)));
        });
        return range(features).map((k) => sum(range(time).map((t) => (powers[t]! / sum(powers)) * h(t, k))));
      }),
  };
}

describe.each<[string, WeightedCase]>([
  ["as many hidden units as features, unless said", caseOf({}, {})],
  ["four hidden units", caseOf({ units: 4 })],
])("AttentionPool, %s", (_, of) => {
  test("gives what loops give, with gradients", () => expectWeightedLoops(of));
  test("is captured", () => expectWeightedCaptured(of));
  test("is saved and loaded", () => expectWeightedSaved(of));
});

describe("what follows from the softmax", () => {
  test("shares of an item sum to 1, and the output is their mean of the steps", () => {
    tf.tidy(() => {
      const layer = builtLayer(caseOf({ units: 4 })).layer as AttentionPool;
      const x = inputOf(caseOf({})) as TensorFlow.Tensor3D;
      const shares = layer.attention(x);
      expect(shares.shape).toEqual([batch, time]);
      close(tf.sum(shares, 1).dataSync(), [1, 1], 1e-6);
      const weighted = tf.sum(tf.mul(tf.expandDims(shares, 2), x), 1);
      close((layer.apply(x) as TensorFlow.Tensor).dataSync(), [...weighted.dataSync()], 1e-6);
    });
  });

  test("the order of steps does not matter; equal steps are their own mean", () => {
    tf.tidy(() => {
      const { layer } = builtLayer(caseOf({ units: 4 }));
      const answer = (x: TensorFlow.Tensor) => [...(layer.apply(x) as TensorFlow.Tensor).dataSync()];
      const x = inputOf(caseOf({}));
      close(answer(tf.reverse(x, 1)), answer(x), 1e-6);
      const one = tf.slice(x, [0, 0, 0], [-1, 1, -1]);
      close(answer(tf.tile(one, [1, time, 1])), [...one.dataSync()], 1e-6);
    });
  });
});

test("weights start as PyTorch's linear layers do: uniform within 1 / sqrt(inputs)", () => {
  const inputs = tf.input({ shape: [2, 100] });
  const layer = new AttentionPool({ units: 400, name: "attention" });
  const model = tf.model({ inputs, outputs: layer.apply(inputs) as TensorFlow.SymbolicTensor });
  initialiseWeights(model, new Streams(3));
  const weights = readWeights(model);
  const bounds = { weight: 1 / 10, bias: 1 / 10, direction: 1 / 20 };
  for (const [name, bound] of Object.entries(bounds)) {
    const scaled = Array.from(weights.get(`attention/${name}`)!.values, (value) => value / bound);
    expect(Math.max(...scaled.map(Math.abs)), name).toBeLessThanOrEqual(1 + 1e-6);
    // The variance of a uniform number is 1/3, off by its deviation of sqrt(4/45 / count), here five times that.
    const off = 5 * Math.sqrt(4 / 45 / scaled.length);
    expect(Math.abs(mean(scaled.map((value) => value * value)) - 1 / 3), name).toBeLessThan(off);
  }
  model.dispose();
});

test("what does not fit is refused with the layer's name", () => {
  const layer = () => new AttentionPool({ name: "attention" });
  const applied = (batchShape: (number | null)[]) => () => layer().apply(tf.input({ batchShape }));
  expect(() => new AttentionPool({ units: 0, name: "attention" })).toThrow(
    "attention: units must be whole numbers of at least 1, got 0",
  );
  expect(applied([2, 3])).toThrow("attention: input must be [batch, time, features], got [2,3]");
  expect(applied([2, null, 3])).toThrow("attention: the number of time steps must be fixed, got [2,,3]");
  tf.tidy(() => {
    const { layer: built } = builtLayer(caseOf({}));
    const message = "attention: input [1,2,7] has 7 features, the layer was built for 3";
    expect(() => built.apply(tf.ones([1, 2, 7]))).toThrow(message);
    expect(() => (built as AttentionPool).attention(tf.ones([1, 2, 7]))).toThrow(message);
  });
});
