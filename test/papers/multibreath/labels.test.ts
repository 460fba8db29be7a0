import { describe, expect, test } from "vitest";
import { classOfPair, decoded, multiLabelTargets, requireThreshold } from "../../../src/papers/multibreath/labels.js";
import { multibreathLoss } from "../../../src/papers/multibreath/loss.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const oneHot = () => tf.eye(4) as TensorFlow.Tensor2D;

describe("labels of a cycle (papers.md 2.1, decision 25)", () => {
  test("two outputs are crackle and wheeze; of four, both is crackle and wheeze too", () => {
    const [two, four] = tf.tidy(() =>
      ([2, 4] as const).map((outputs) => multiLabelTargets(oneHot(), outputs).arraySync()),
    );
    expect(two).toEqual([[0, 0], [1, 0], [0, 1], [1, 1]]); // biome-ignore format: a matrix
    expect(four).toEqual([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 1, 1]]); // biome-ignore format: a matrix
  });

  test("a pair is a class, and one that does not exist is refused", () => {
    expect([classOfPair(0, 0), classOfPair(1, 0), classOfPair(0, 1), classOfPair(1, 1)]).toEqual([0, 1, 2, 3]);
    for (const [crackle, wheeze] of [[2, 0], [0, -1], [0.5, 1], [Number.NaN, 0]] as const) // biome-ignore format: one line
      expect(() => classOfPair(crackle, wheeze)).toThrow(`labels (${crackle}, ${wheeze}): no such pair`);
  });
});

/** A network that gives what it is given. */
function echo(outputs: number): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [outputs], name: "input" });
  const same = tf.layers.activation({ activation: "linear", name: "same" }).apply(inputs) as TensorFlow.SymbolicTensor;
  return tf.model({ inputs, outputs: same, name: "echo" });
}
const decide = (outputs: 2 | 4, threshold: number, rows: number[][]) =>
  tf.tidy(() => [...tf.argMax(decoded(echo(outputs), outputs, threshold).predict(tf.tensor2d(rows)) as TensorFlow.Tensor2D, 1).dataSync()]); // biome-ignore format: one line

describe("decisions", () => {
  test("of two outputs: each above the threshold is there", () => {
    const rows = [[-1, -1], [1, -1], [-1, 1], [1, 1], [0.5, 0.3]]; // biome-ignore format: a matrix
    expect(decide(2, 0.5, rows)).toEqual([0, 1, 2, 3, 3]);
    // sigmoid(0.5) = 0.622, sigmoid(0.3) = 0.574
    expect(decide(2, 0.6, rows)).toEqual([0, 1, 2, 3, 1]);
  });

  test("of four outputs: the largest, both before crackle and wheeze where they are equal", () => {
    const rows = [[3, 1, 1, 1], [0, 2, 1, 1], [0, 1, 2, 2], [0, 2, 2, 2], [2, 0, 0, 2]]; // biome-ignore format: a matrix
    expect(decide(4, 0.5, rows)).toEqual([0, 1, 3, 3, 0]);
  });

  test("a threshold that is none is refused, and any but one half with four outputs", () => {
    for (const threshold of [0, 1, -1, 1.5, Number.NaN])
      expect(() => requireThreshold(2, threshold)).toThrow("must be between 0 and 1, both excluded");
    expect(() => requireThreshold(4, 0.4)).toThrow("have no threshold");
    expect(() => requireThreshold(4, 0.5)).not.toThrow();
  });
});

describe("what is minimised (papers.md 2.4)", () => {
  const counts = [2063, 1215, 501, 363];
  const inverse = counts.map((count) => 1 / count);
  const rows = [[0.3, -2, 1, 0.1], [2, 0, -1, 0.5], [-1, 1, 0.2, 3]]; // biome-ignore format: a matrix
  const truths = [3, 0, 2];
  const softplus = (z: number) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0);
  const TARGETS = { 2: [[0, 0], [1, 0], [0, 1], [1, 1]], 4: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 1, 1]] }; // biome-ignore format: one line

  test.each([
    ["multi-label", 2, "none"],
    ["multi-label", 2, "inverse"],
    ["multi-label", 4, "none"],
    ["multi-label", 4, "inverse"],
    ["single-label", 2, "none"],
    ["single-label", 2, "inverse"],
  ] as const)("%s, %i outputs, class weights %s: a naive loop", (targets, labels, classWeights) => {
    const outputs = targets === "single-label" ? 4 : labels;
    const logits = rows.map((row) => row.slice(0, outputs));
    const found = tf.tidy(() => {
      const loss = multibreathLoss({ targets, labels, classWeights }, counts);
      const hot = tf.gather(oneHot(), tf.tensor1d(truths, "int32")) as TensorFlow.Tensor2D;
      return loss(tf.tensor2d(logits), hot).dataSync()[0]!;
    });
    const terms = logits.map((row, i) => {
      const truth = truths[i]!;
      if (targets === "single-label") return Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[truth]!;
      const each = row.map((z, k) => softplus(z) - z * TARGETS[labels][truth]![k]!);
      return each.reduce((a, b) => a + b) / each.length;
    });
    const weights = truths.map((truth) => (classWeights === "inverse" ? inverse[truth]! : 1));
    const wanted = terms.reduce((sum, term, i) => sum + term * weights[i]!, 0) / weights.reduce((a, b) => a + b);
    expect(Math.abs(found - wanted)).toBeLessThan(1e-6);
  });
});
