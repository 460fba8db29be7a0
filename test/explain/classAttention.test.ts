import { describe, expect, test } from "vitest";
import { classAttention } from "../../src/explain/classAttention.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Csra } from "../../src/nn/layers/csra.js";
import { JointLogits } from "../../src/nn/layers/jointLogits.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

const [ROWS, FRAMES] = [4, 6];

/** A convolution of stride 2, attention of two heads and two outputs, and what is decided of them. */
function network(): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [2 * ROWS, 2 * FRAMES, 1], name: "input" });
  const conv = new Conv2d({ filters: 3, kernelSize: 2, stride: 2, name: "conv" });
  const head = new Csra({ classes: 2, heads: 2, name: "head" });
  const decided = new JointLogits({ name: "decoder" });
  const outputs = [conv, head, decided].reduce((x, layer) => layer.apply(x) as TensorFlow.SymbolicTensor, inputs);
  const model = tf.model({ inputs, outputs, name: "small" });
  initialiseWeights(model, new Streams(4));
  return model;
}
const noise = () => {
  const rng = new Streams(5).stream("noise");
  const values = Float32Array.from({ length: 3 * 4 * ROWS * FRAMES }, () => rng.normal());
  return tf.tensor4d(values, [3, 2 * ROWS, 2 * FRAMES, 1]);
};

describe("attention of each output", () => {
  test("is that of a loop over the convolution's map: softmax of T times the score over the positions", () => {
    const model = network();
    const inputs = noise();
    const map = tf.tidy(() => (model.getLayer("conv").apply(inputs) as TensorFlow.Tensor4D).arraySync());
    const vectors = (model.getLayer("head").getWeights()[0] as TensorFlow.Tensor2D).arraySync();
    for (const head of [0, 1]) {
      const found = classAttention(model, inputs, head);
      expect(found).toHaveLength(3);
      for (const [item, { maps }] of found.entries()) {
        for (const [output, { values, rows, frames }] of maps.entries()) {
          expect([rows, frames]).toEqual([ROWS, FRAMES]);
          const c = vectors.map((row) => row[head * 2 + output]!);
          const length = Math.hypot(...c);
          const scores = map[item]!.flatMap((row) =>
            row.map((x) => x.reduce((sum, v, k) => sum + v * c[k]!, 0) / length),
          );
          // Two heads have the temperatures 1 and, in the limit, infinity.
          const largest = Math.max(...scores);
          const weights = scores.map((s) => (head === 0 ? Math.exp(s - largest) : Number(s === largest)));
          const sum = weights.reduce((a, b) => a + b);
          const off = weights.map((w, i) => Math.abs(w / sum - values[i]!));
          expect(Math.max(...off)).toBeLessThan(1e-6);
        }
      }
    }
    tf.dispose(inputs);
    model.dispose();
  });

  test("without a head named is the mean over them, and adds up to 1", () => {
    const model = network();
    const inputs = noise();
    const before = tf.memory().numTensors;
    const [first, second] = [0, 1].map((head) => classAttention(model, inputs, head));
    const mean = classAttention(model, inputs);
    for (const [item, { maps }] of mean.entries()) {
      for (const [output, { values }] of maps.entries()) {
        expect([...values].reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        for (const [i, value] of values.entries()) {
          const both = [first, second].map((of) => of![item]!.maps[output]!.values[i]!);
          expect(Math.abs(value - (both[0]! + both[1]!) / 2)).toBeLessThan(1e-7);
        }
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(() => classAttention(model, inputs, 2)).toThrow("there is no head 2: the network has 2, from 0");
    tf.dispose(inputs);
    model.dispose();
  });

  test("is refused of a network without such a head", () => {
    const inputs = tf.input({ shape: [4, 4, 1], name: "input" });
    const conv = new Conv2d({ filters: 3, kernelSize: 2, name: "conv" }).apply(inputs) as TensorFlow.SymbolicTensor;
    const model = tf.model({ inputs, outputs: conv });
    expect(() => classAttention(model, tf.zeros([1, 4, 4, 1]))).toThrow("no class-specific residual attention");
    model.dispose();
  });
});
