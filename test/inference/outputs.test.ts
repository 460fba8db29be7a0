import { expect, test } from "vitest";
import { outputsOf } from "../../src/inference/outputs.js";
import { JointLogits } from "../../src/nn/layers/jointLogits.js";
import { SigmoidShares } from "../../src/nn/layers/sigmoidShares.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

const CYCLES = ["Normal", "Crackle", "Wheeze", "Both"];
const calibration = null;

/*
 * import numpy as np; from scipy.special import softmax, expit
 * logits = np.array([1.5, -0.25, 3.0])
 * print(softmax(logits / 1.7).tolist()); print(softmax(logits).tolist()); print(expit(logits).tolist())
 */
const LOGITS = Float32Array.of(1.5, -0.25, 3);
const AT_TEMPERATURE = [0.26498517, 0.09465722, 0.64035761];
const AT_ONE = [0.17682018, 0.03072674, 0.79245308];
const SIGMOIDS = [0.81757448, 0.4378235, 0.95257413];

function expectAll(found: ArrayLike<number>, wanted: readonly number[], places = 7): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, places);
}

test("labels that exclude each other: what is shown has the temperature, what decides has none", () => {
  const fitted = { temperature: 1.7, errorBefore: 0, errorAfter: 0, role: "select" };
  const labels = ["a", "b", "c"];
  const { probabilities, shares, names, calibrated } = outputsOf({ labels, outputs: { kind: "softmax" }, calibration: fitted }); // biome-ignore format: one line
  expectAll(probabilities(LOGITS), AT_TEMPERATURE);
  expectAll(shares(LOGITS), AT_ONE);
  expect([names, calibrated]).toEqual([labels, true]);
});

test("findings are shown as their own sigmoids", () => {
  const { probabilities, names, calibrated } = outputsOf({
    labels: Array.from({ length: 8 }, (_, i) => `${i}`),
    outputs: { kind: "sigmoid", findings: ["x", "y", "z"], threshold: 0.5, decide: "combination" },
    calibration,
  });
  expectAll(probabilities(LOGITS), SIGMOIDS);
  expect([names, calibrated]).toEqual([["x", "y", "z"], false]);
});

test.each([0.5, 0.3])(
  "two findings: labels' shares are those of the network's own decoder at threshold %f",
  (threshold) => {
    const outputs = { kind: "sigmoid", findings: ["Crackle", "Wheeze"], threshold, decide: "combination" } as const;
    const { shares } = outputsOf({ labels: CYCLES, outputs, calibration });
    const layer = new JointLogits({ threshold, name: "joint" });
    const logit = Math.log(threshold / (1 - threshold));
    // biome-ignore format: one line
    for (const [crackle, wheeze] of [[-3, 2], [0.1, -0.2], [5, 6], [-20, -30], [logit + 0.01, logit - 0.01]] as const) {
    const row = Float32Array.of(crackle, wheeze);
    const wanted = tf.tidy(() => tf.softmax(layer.apply(tf.tensor2d(row, [1, 2])) as TensorFlow.Tensor).dataSync());
    expectAll(shares(row), [...wanted], 6);
    const label = shares(row).indexOf(Math.max(...shares(row)));
    expect(label).toBe(Number(crackle > logit) + 2 * Number(wheeze > logit));
  }
  },
);

test("four scores: shares are those of the network's own decoder, and both wins ties with crackle or wheeze", () => {
  const outputs = { kind: "sigmoid", findings: CYCLES, threshold: 0.5, decide: "largest" } as const;
  const { shares } = outputsOf({ labels: CYCLES, outputs, calibration });
  const layer = new SigmoidShares({ winner: 3, over: [1, 2], name: "scores" });
  const rng = new Streams(1).stream("logits");
  // biome-ignore format: one line
  const rows = [
    ...[[0, 2, 1, 2], [0, 1, 2, 2], [2, 1, 1, 2], [2, 2, 1, 2], [1, 1, 1, 1], [5, 9, 3, 9], [-9, -9, -9, -9.5]],
    ...Array.from({ length: 20 }, () => Array.from({ length: 4 }, () => 3 * rng.normal())),
  ];
  const labels = rows.map((row) => {
    const wanted = tf.tidy(() => tf.softmax(layer.apply(tf.tensor2d(row, [1, 4])) as TensorFlow.Tensor).dataSync());
    const found = shares(Float32Array.from(row));
    expectAll(found, [...wanted], 6);
    return found.indexOf(Math.max(...found));
  });
  expect(labels.slice(0, 7)).toEqual([3, 3, 0, 3, 3, 3, 0]);
});

test("a manifest whose findings and labels do not fit, or that decides in an unknown way, is refused", () => {
  const sigmoid = { kind: "sigmoid", findings: ["Crackle", "Wheeze"], threshold: 0.5, decide: "combination" } as const;
  const of = (outputs: object, labels = CYCLES) => outputsOf({ labels, outputs: { ...sigmoid, ...outputs }, calibration }); // biome-ignore format: one line
  expect(of({}).names).toEqual(["Crackle", "Wheeze"]);
  expect(() => of({}, ["Normal", "Crackle"])).toThrow("do not give 2 labels");
  expect(() => of({ decide: "largest" })).toThrow("do not give 4 labels");
  expect(() => of({ threshold: 1 })).toThrow("at 1, do not give");
  expect(() => of({ decide: "vote" })).toThrow('decides labels by "vote"; this version knows combination, largest');
});
