import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Dropout, dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { layerCases, ownLayerCases, runLayer } from "./layerCases.js";

const everyCase = { ...layerCases, ...ownLayerCases };

// Both paths round sums of up to 150 products in another order: see torchLayers.test.ts. An element is held against the largest.
const TOLERANCE = 5e-6;

function expectEqual(portable: Float32Array[], native: Float32Array[]) {
  expect(portable.map(({ length }) => length)).toEqual(native.map(({ length }) => length));
  native.forEach((values, i) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const off = values.reduce((most, value, k) => Math.max(most, Math.abs(value - portable[i]![k]!)), 0);
    expect(off / largest, `result ${i}`).toBeLessThan(TOLERANCE);
  });
}

function drop(): Float32Array[] {
  return tf.tidy(() => {
    const layer = new Dropout({ rate: 0.3, name: "dropout" });
    const seed = dropoutSeed(new Streams(5).stream("dropout", 1, 2));
    const x = tf.variable(tf.tensor1d(Float32Array.from({ length: 1001 }, (_, i) => 1 + i / 1000)));
    const call = () => layer.apply(x, { training: true, dropoutSeed: seed }) as TensorFlow.Tensor;
    const gradient = tf.variableGrads(() => tf.sum(tf.square(call())), [x]).grads[x.name]!;
    const results = [call(), gradient].map((tensor) => tensor.dataSync() as Float32Array);
    x.dispose();
    return results;
  });
}

describe("portable paths on TensorFlow's backend give what the native kernels give", () => {
  test.each(Object.entries(everyCase))("%s", (_, layerCase) => {
    expectEqual(
      withPortableOps(() => runLayer(layerCase)),
      runLayer(layerCase),
    );
  });

  test("dropout: the same mask, bit for bit", () => {
    expect(withPortableOps(drop)).toEqual(drop());
  });
});

describe("tfjs's plain cpu backend gives what the native kernels give", () => {
  const native = new Map<string, Float32Array[]>();
  beforeAll(async () => {
    for (const [name, layerCase] of Object.entries(everyCase)) native.set(name, runLayer(layerCase));
    native.set("dropout", drop());
    await tf.setBackend("cpu");
  });
  afterAll(async () => {
    await tf.setBackend("tensorflow");
  });

  test.each(Object.entries(everyCase))("%s", (name, layerCase) => {
    expect(tf.getBackend()).toBe("cpu");
    expectEqual(runLayer(layerCase), native.get(name)!);
  });

  test("dropout: the same mask, bit for bit", () => {
    expect(drop()).toEqual(native.get("dropout"));
  });
});
