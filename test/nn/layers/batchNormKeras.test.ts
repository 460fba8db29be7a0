import { expect, test } from "vitest";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

/** Outputs, input gradients and running averages of three training steps, then the answer in evaluation mode. */
function threeSteps(layer: TensorFlow.layers.Layer): Float32Array[] {
  return tf.tidy(() => {
    const results: TensorFlow.Tensor[] = [];
    const inputs = [1, 2, 3].map((seed) =>
      tf.tensor4d(
        Float32Array.from(noise(60, seed), (v) => 3 * v + 1),
        [2, 3, 5, 2],
      ),
    );
    const weight = tf.tensor4d(Float32Array.from(noise(60, 4)), [2, 3, 5, 2]);
    for (const x of inputs) {
      const call = (z: TensorFlow.Tensor) => layer.apply(z, { training: true }) as TensorFlow.Tensor;
      const { value, grad } = tf.valueAndGrad((z) => tf.sum(tf.mul(weight, call(z))))(x);
      results.push(value, grad);
      for (const running of layer.nonTrainableWeights) results.push(tf.clone(running.read()));
    }
    results.push(layer.apply(inputs[0]!) as TensorFlow.Tensor);
    return results.map((tensor) => tensor.dataSync() as Float32Array);
  });
}

test("the keras convention is that of tf.layers.batchNormalization, defaults included", () => {
  const ours = threeSteps(new BatchNorm2d({ convention: "keras", name: "ours" }));
  const theirs = threeSteps(tf.layers.batchNormalization());
  // Each is a mean or a normalised value of 30 numbers of size 3: rounding of sums stays below 30 half units of 3.
  const tolerance = 30 * 3 * 2 ** -24;
  ours.forEach((values, i) => {
    expect(Math.max(...values.map((value, k) => Math.abs(value - theirs[i]![k]!))), `result ${i}`).toBeLessThan(
      tolerance,
    );
  });
});
