import { describe, expect, test } from "vitest";
import { freeze, unfreeze } from "../../../src/nn/frozen.js";
import type { CallOptions } from "../../../src/nn/layers/call.js";
import { Dropout, dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const seedOf = (step: number) => dropoutSeed(new Streams(1).stream("dropout", 1, step));

/** What a layer makes of 4,000 ones. */
function ones(layer: TensorFlow.layers.Layer, options: CallOptions): number[] {
  return tf.tidy(() => [...(layer.apply(tf.ones([40, 100]), options as never) as TensorFlow.Tensor).dataSync()]);
}

describe("dropout", () => {
  const layer = new Dropout({ rate: 0.25, name: "drop" });

  test("sets about its rate to 0 and divides the rest by 1 - rate; the gradient has the same mask", () => {
    const dropoutSeed = seedOf(0);
    const values = ones(layer, { training: true, dropoutSeed });
    expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]));
    const dropped = values.filter((value) => value === 0).length / values.length;
    // Five standard errors of a share of 4,000.
    expect(Math.abs(dropped - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 4000));
    const gradient = tf.tidy(() => {
      const call = (x: TensorFlow.Tensor) =>
        layer.apply(x, { training: true, dropoutSeed } as never) as TensorFlow.Tensor;
      return [
        ...tf
          .grad((x) => tf.sum(call(x)))(tf.fill([40, 100], 7))
          .dataSync(),
      ];
    });
    expect(gradient).toEqual(values);
    dropoutSeed.dispose();
  });

  test("one seed makes one mask; another step's, and another layer's, differ", () => {
    const [first, second] = [seedOf(0), seedOf(1)];
    const mask = ones(layer, { training: true, dropoutSeed: first });
    expect(ones(layer, { training: true, dropoutSeed: first })).toEqual(mask);
    expect(ones(layer, { training: true, dropoutSeed: second })).not.toEqual(mask);
    const other = new Dropout({ rate: 0.25, name: "other" });
    expect(ones(other, { training: true, dropoutSeed: first })).not.toEqual(mask);
    tf.dispose([first, second]);
  });

  test("in evaluation mode, frozen or at rate 0 it does nothing, and needs no seed", () => {
    const untouched = Array(4000).fill(1);
    expect(ones(layer, {})).toEqual(untouched);
    expect(ones(new Dropout({ rate: 0, name: "none" }), { training: true })).toEqual(untouched);
    freeze(layer);
    expect(ones(layer, { training: true })).toEqual(untouched);
    unfreeze(layer);
    expect(() => ones(layer, { training: true })).toThrow("drop: dropout needs a seed in training");
  });

  test("the seed reaches layers through the model's call, and leaves no tensor behind", () => {
    const input = tf.input({ shape: [100] });
    const model = tf.model({
      inputs: input,
      outputs: new Dropout({ rate: 0.5, name: "inside" }).apply(input) as never,
    });
    const before = tf.memory().numTensors;
    const dropoutSeed = seedOf(3);
    const values = ones(model, { training: true, dropoutSeed });
    expect(new Set(values)).toEqual(new Set([0, 2]));
    expect(() => ones(model, { training: true })).toThrow("inside: dropout needs a seed");
    dropoutSeed.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test.each([-0.1, 1, Number.NaN])("refuses a rate of %d", (rate) => {
    expect(() => new Dropout({ rate, name: "drop" })).toThrow("drop: rate must be at least 0 and below 1");
  });
});
