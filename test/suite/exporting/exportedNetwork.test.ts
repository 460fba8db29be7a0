import { describe, expect, test } from "vitest";
import { JointLogits } from "../../../src/nn/layers/jointLogits.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { SigmoidShares } from "../../../src/nn/layers/sigmoidShares.js";
import { labelsOf } from "../../../src/suite/exporting/decisions.js";
import { answersOf, exportedNetwork } from "../../../src/suite/exporting/exportedNetwork.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const LABELS = ["Normal", "Crackle", "Wheeze", "Both"];

/** Logits are the inputs. */
function modelOf(units: number, decoder?: TensorFlow.layers.Layer): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [units] });
  const linear = new Linear({ units, name: "head" });
  const logits = linear.apply(inputs) as TensorFlow.SymbolicTensor;
  const eye = tf.eye(units);
  linear.setWeights([eye, tf.zeros([units])]);
  return tf.model({ inputs, outputs: (decoder?.apply(logits) ?? logits) as TensorFlow.SymbolicTensor });
}

const largestMean = (answers: readonly Float32Array[]): number => {
  const sums = Array.from(answers[0]!, (_, k) => answers.reduce((sum, answer) => sum + answer[k]!, 0));
  return sums.indexOf(Math.max(...sums));
};
const alone = (count: number) => Array.from({ length: count }, (_, first) => ({ first, count: 1 }));

test("labels that exclude each other: the model itself, and the largest logit", () => {
  const model = modelOf(4);
  const exported = exportedNetwork(model, LABELS);
  expect(exported.network).toBe(model);
  expect(exported.outputs).toEqual({ kind: "softmax" });
  const logits = Float32Array.of(0, 3, 1, 2, 5, 0, 0, 0);
  expect(labelsOf(logits, { exported, items: alone(2), labelOf: largestMean })).toEqual([1, 0]);
  // Two maps of one item: means of softmax are 0.53 for the first label, 0.44 for the second.
  expect(labelsOf(logits, { exported, items: [{ first: 0, count: 2 }], labelOf: largestMean })).toEqual([0]);
});

describe("findings, each by itself", () => {
  test.each([0.5, 0.3])("two findings at %f: those above the threshold make the label", async (threshold) => {
    const exported = exportedNetwork(modelOf(2, new JointLogits({ threshold, name: "decoder" })), LABELS);
    expect(exported.outputs).toEqual({
      ...{ kind: "sigmoid", findings: ["Crackle", "Wheeze"], decide: "combination" },
      threshold,
    });
    const logits = [-3, -0.5, 0.1, 2].flatMap((x) => [-2, -0.7, 0.2, 4].map((y) => [x, y]));
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const expected = logits.map(([x, y]) => Number(sigmoid(x!) > threshold) + 2 * Number(sigmoid(y!) > threshold));
    const given = logits.map((pair) => Float32Array.from(pair));
    const answers = await answersOf(exported.network, given, [2]);
    expect([...answers]).toEqual([...Float32Array.from(logits.flat())]);
    expect(labelsOf(answers, { exported, items: alone(logits.length), labelOf: largestMean })).toEqual(expected);
  });

  test("four findings: the largest, and both where it equals the larger of its parts", () => {
    const decoder = new SigmoidShares({ winner: 3, over: [1, 2], name: "decoder" });
    const exported = exportedNetwork(modelOf(4, decoder), LABELS);
    expect(exported.outputs).toMatchObject({ kind: "sigmoid", findings: LABELS, decide: "largest" });
    const logits = [[0, 1, 2, -1], [0, 1, 1, 1], [2, 1, 1, 2], [3, 0, 0, 1]]; // biome-ignore format: one line
    const answers = Float32Array.from(logits.flat());
    // In the third, both ties with normal and not with the larger of its parts: the first.
    expect(labelsOf(answers, { exported, items: alone(4), labelOf: largestMean })).toEqual([2, 3, 0, 0]);
  });

  test("another rule for ties is refused: a manifest could not say it", () => {
    const model = modelOf(4, new SigmoidShares({ winner: 3, over: [0], name: "decoder" }));
    expect(() => exportedNetwork(model, LABELS)).toThrow(
      /decoder lets label 3 win over 0 .* the last win over all but/,
    );
  });
});
