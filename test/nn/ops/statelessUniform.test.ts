import { describe, expect, test } from "vitest";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { statelessUniform } from "../../../src/nn/ops/statelessUniform.js";
import { tf } from "../../../src/tensorflow.js";

const draw = (shape: number[], seed: [number, number]) =>
  tf.tidy(() => statelessUniform(shape, tf.tensor1d(seed, "int32")).dataSync() as Float32Array);

describe("statelessUniform", () => {
  test.each<[number[], [number, number]]>([
    [[1], [0, 0]],
    [[7], [5, -7]],
    [
      [3, 5, 11],
      [-1, 2 ** 31 - 1],
    ],
    [[4_001], [123_456_789, 987_654_321]],
  ])("[%s] from seed %s: our Philox gives what TensorFlow's kernel gives", (shape, seed) => {
    expect(withPortableOps(() => draw(shape, seed))).toEqual(draw(shape, seed));
  });

  test("is uniform, a function of its seed, and another for another seed in either word", () => {
    const values = draw([2_000], [3, 4]);
    // The mean's standard error is 1 / sqrt(12 * 2000) = 0.0065; the deviation of squares is below 0.3 / 44.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * 0.0065);
    expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * 0.0068);
    expect(draw([2_000], [3, 4])).toEqual(values);
    expect(draw([2_000], [4, 4])).not.toEqual(values);
    expect(draw([2_000], [3, 5])).not.toEqual(values);
  });
});
