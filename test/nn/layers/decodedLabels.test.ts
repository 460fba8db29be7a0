import { describe, expect, test } from "vitest";
import { JointLogits } from "../../../src/nn/layers/jointLogits.js";
import { SigmoidShares } from "../../../src/nn/layers/sigmoidShares.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const applied = (layer: TensorFlow.layers.Layer, rows: number[][]) =>
  tf.tidy(() => (layer.apply(tf.tensor2d(rows)) as TensorFlow.Tensor2D).arraySync());
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

describe("JointLogits", () => {
  const rows = [[0.3, -1.2, 2], [-4, 5, 0.1], [20, -20, 3]]; // biome-ignore format: a matrix

  test("are the logarithms of the probabilities of all combinations of independent labels", () => {
    const joint = applied(new JointLogits({ name: "joint" }), rows);
    for (const [i, row] of rows.entries()) {
      expect(joint[i]).toHaveLength(8);
      for (let k = 0; k < 8; k++) {
        const product = row.reduce((p, z, label) => p * ((k >> label) & 1 ? sigmoid(z) : sigmoid(-z)), 1);
        // Relative to ln's size of at most 46.
        expect(Math.abs(joint[i]![k]! - Math.log(product))).toBeLessThan(1e-5);
      }
      const sum = joint[i]!.reduce((total, value) => total + Math.exp(value), 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    }
  });

  test.each([0.2, 0.5, 0.9])("the largest is the combination of the labels above %d", (threshold) => {
    const grid = [-3, -1.5, -0.5, 0, 0.7, 1.6, 3];
    const pairs = grid.flatMap((crackle) => grid.map((wheeze) => [crackle, wheeze]));
    const joint = applied(new JointLogits({ threshold, name: "joint" }), pairs);
    for (const [i, [crackle, wheeze]] of pairs.entries()) {
      const above = (z: number) => Number(sigmoid(z) > threshold);
      expect(largest(joint[i]!), `${crackle} ${wheeze}`).toBe(above(crackle!) + 2 * above(wheeze!));
    }
  });

  test("refuses thresholds that are none, and keeps its own in a saved model", () => {
    for (const threshold of [0, 1, -0.5, Number.NaN]) {
      expect(() => new JointLogits({ threshold, name: "joint" })).toThrow("joint: threshold must be between 0 and 1");
    }
    expect(new JointLogits({ threshold: 0.3, name: "joint" }).getConfig()).toMatchObject({ threshold: 0.3 });
  });
});

describe("SigmoidShares", () => {
  test("softmax gives each label's share of the sum of sigmoid scores, far from where single precision ends too", () => {
    const rows = [[0.3, -1.2, 2, 0.5], [-40, -42, -41, -44]]; // biome-ignore format: a matrix
    const logarithms = applied(new SigmoidShares({ name: "shares" }), rows);
    for (const [i, row] of rows.entries()) {
      const scores = row.map(sigmoid);
      const sum = scores.reduce((a, b) => a + b);
      const exponentials = logarithms[i]!.map(Math.exp);
      const total = exponentials.reduce((a, b) => a + b);
      for (const [k, score] of scores.entries()) expect(exponentials[k]! / total).toBeCloseTo(score / sum, 6);
    }
  });

  test("a tie goes to the winner where it has one, else to the first", () => {
    const layer = new SigmoidShares({ winner: 3, over: [1, 2], name: "shares" });
    const rows = [
      [0, 1, 1, 1],
      [0, -1, 2, 2],
      [0, 25, 3, 25],
      [2, 1, 1, 2],
      [2, 2, 1, 1],
      [0, 1, 0.5, 0.99999],
    ];
    expect(applied(layer, rows).map(largest)).toEqual([3, 3, 3, 0, 0, 1]);
    expect(applied(new SigmoidShares({ name: "shares" }), rows).map(largest)).toEqual([1, 2, 1, 0, 0, 1]);
  });

  test("refuses a winner that does not stand behind the others, or that there is not", () => {
    expect(() => new SigmoidShares({ winner: 1, over: [2], name: "s" })).toThrow("must stand behind");
    expect(() => new SigmoidShares({ winner: 3, name: "s" })).toThrow("got none");
    const layer = new SigmoidShares({ winner: 5, over: [1], name: "s" });
    expect(() => applied(layer, [[1, 2, 3, 4]])).toThrow("4 labels have no label 5");
  });
});
