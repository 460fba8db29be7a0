import { describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { fans, fillByScheme, type InitialisationScheme } from "../../../src/nn/init/schemes.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const draw = (scheme: InitialisationScheme, shape: number[], seed = 0) => {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  fillByScheme(values, shape, scheme, new Streams(seed).stream("init"));
  return values;
};

// torch 2.15.0: torch.nn.init._calculate_fan_in_and_fan_out of torch.empty(*shape).
test.each([
  [[3, 5, 16, 32], 240, 480], // Conv2d(16, 32, (3, 5)): [32, 16, 3, 5]
  [[3, 3, 1, 6], 9, 54], // Conv2d(3, 6, 3, groups=3): [6, 1, 3, 3]
  [[7, 4, 8], 28, 56], // Conv1d(4, 8, 7): [8, 4, 7]
  [[20, 10], 20, 10], // Linear(20, 10): [10, 20]
])("fans of [%s] are %i and %i", (shape, fanIn, fanOut) => {
  expect(fans(shape)).toEqual({ fanIn, fanOut });
});

describe("schemes", () => {
  // A weight that PyTorch has as [32, 16, 3, 5]: fan-in 240, fan-out 480. Deviations by torch.nn.init's documented formulas, gain /
  // sqrt(fan), a uniform's bound being sqrt 3 times that; `torch` is kaiming_uniform_(w, a=sqrt(5)), whose gain is sqrt(1 / 3).
  test.each<[InitialisationScheme, number, boolean]>([
    ["kaiming-normal-fan-in", Math.SQRT2 / Math.sqrt(240), false],
    ["kaiming-normal-fan-out", Math.SQRT2 / Math.sqrt(480), false],
    ["kaiming-uniform-fan-in", Math.SQRT2 / Math.sqrt(240), true],
    ["kaiming-uniform-fan-out", Math.SQRT2 / Math.sqrt(480), true],
    ["xavier-normal", Math.sqrt(2 / 720), false],
    ["xavier-uniform", Math.sqrt(2 / 720), true],
    ["torch", 1 / Math.sqrt(3 * 240), true],
    [{ uniformWithin: 0.7 }, 0.7 / Math.sqrt(3), true],
    [{ normal: 0.3 }, 0.3, false],
    [{ truncatedNormal: 0.01 }, 0.01, false],
  ])("%j: deviation %f", (scheme, deviation, bounded) => {
    const values = draw(scheme, [3, 5, 16, 32]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // Five standard errors, of the mean and (a normal's, the wider) of the deviation.
    expect(Math.abs(mean)).toBeLessThan((5 * deviation) / Math.sqrt(values.length));
    expect(Math.abs(Math.sqrt(variance) / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * values.length));
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (bounded) expect(largest).toBeLessThanOrEqual(Math.fround(Math.sqrt(3) * deviation));
    else expect(largest).toBeGreaterThan(Math.sqrt(3) * deviation);
  });

  test("a truncated normal is cut at 2, not at two deviations", () => {
    const values = draw({ truncatedNormal: 3 }, [100, 100]);
    expect(values.every((value) => Math.abs(value) <= 2)).toBe(true);
    expect(values.some((value) => Math.abs(value) > 1.9)).toBe(true);
  });

  test("zeros, ones, identity", () => {
    expect([...draw("zeros", [2, 2])]).toEqual([0, 0, 0, 0]);
    expect([...draw("ones", [3])]).toEqual([1, 1, 1]);
    expect([...draw("identity", [2, 3])]).toEqual([1, 0, 0, 0, 1, 0]);
  });
});

test("a layer's weights start as its options say, and the same whatever was built before", () => {
  const build = () => {
    const inputs = tf.input({ shape: [5, 5, 3] });
    let x: TensorFlow.SymbolicTensor = inputs;
    for (const layer of [
      new Conv2d({ filters: 4, kernelSize: 3, bias: true, init: "torch", name: "torchConv" }),
      new Conv2d({ filters: 4, kernelSize: 1, bias: true, init: "xavier-uniform", name: "conv" }),
      new BatchNorm2d({ init: "zeros", name: "norm" }),
      tf.layers.flatten(),
      new Linear({ units: 2, init: { truncatedNormal: 0.01 }, name: "fc" }),
    ]) {
      x = layer.apply(x) as TensorFlow.SymbolicTensor;
    }
    const model = tf.model({ inputs, outputs: x });
    initialiseWeights(model, new Streams(4));
    return readWeights(model);
  };
  const weights = build();
  const size = (name: string) => Math.max(...weights.get(name)!.values.map(Math.abs));
  for (const part of ["kernel", "bias"]) {
    expect(size(`torchConv/${part}`)).toBeGreaterThan(0);
    expect(size(`torchConv/${part}`)).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(27)));
  }
  expect(size("conv/kernel")).toBeGreaterThan(0.3);
  expect(size("conv/bias")).toBe(0);
  expect(size("norm/scale")).toBe(0);
  expect(size("norm/runningVariance")).toBe(1);
  expect(size("fc/weight")).toBeLessThan(0.05);
  expect(size("fc/bias")).toBe(0);
  expect([...build()]).toEqual([...weights]);
});
