import { describe, expect, test } from "vitest";
import type { NamedTensor } from "../../../src/nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { Adam } from "../../../src/training/optimizers/adam.js";
import { AdamW } from "../../../src/training/optimizers/adamW.js";
import type { Optimizer } from "../../../src/training/optimizers/optimizer.js";
import { Sgd } from "../../../src/training/optimizers/sgd.js";

type Make = (parameters: TensorFlow.Variable[]) => Optimizer;

const kinds: [string, Make, string[]][] = [
  ["sgd", (p) => new Sgd(p), []],
  ["sgd with momentum", (p) => new Sgd(p, { momentum: 0.9, weightDecay: 0.01 }), ["momentum"]],
  ["adam", (p) => new Adam(p, { weightDecay: 0.01 }), ["first", "second"]],
  ["adamw", (p) => new AdamW(p), ["first", "second"]],
];

const parametersOf = () => [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.tensor2d([[0.5], [3]]))];
const step = (optimizer: Optimizer, t: number) =>
  tf.tidy(() =>
    optimizer.apply(
      optimizer.parameters.map((parameter) => tf.cos(tf.add(parameter, t))),
      0.1,
    ),
  );
const values = (variables: readonly TensorFlow.Variable[]) => variables.map((variable) => [...variable.dataSync()]);

describe.each(kinds)("%s", (_, make, slotNames) => {
  test("its slots exist before the first step, zero, in the parameters' shapes", () => {
    const optimizer = make(parametersOf());
    expect(Object.keys(optimizer.slots)).toEqual(slotNames);
    for (const slots of Object.values(optimizer.slots)) {
      expect(slots.map(({ shape }) => shape)).toEqual([[2], [2, 1]]);
      expect(
        values(slots)
          .flat()
          .every((value) => value === 0),
      ).toBe(true);
      expect(slots.every(({ trainable }) => !trainable)).toBe(true);
    }
  });

  test("taken up from its tensors, it goes on as if never interrupted, bit for bit", () => {
    const run = (interruptAt: number | undefined) => {
      const parameters = parametersOf();
      let optimizer = make(parameters);
      for (let t = 0; t < 10; t++) {
        if (t === interruptAt) {
          const kept = { step: optimizer.step, tensors: optimizer.tensors() };
          optimizer.dispose();
          optimizer = make(parameters);
          optimizer.restore(kept.step, kept.tensors);
        }
        step(optimizer, t);
      }
      return { values: values(parameters), step: optimizer.step, slots: optimizer.tensors() };
    };
    expect(run(5)).toEqual(run(undefined));
  });

  test("tensors and variables read before a step keep their values, and so does the array a value came from", () => {
    const given = Float32Array.of(1, -2);
    const parameter = tf.variable(tf.tensor1d(given));
    const optimizer = make([parameter]);
    const before = parameter.clone();
    const slots = Object.values(optimizer.slots).map(([slot]) => slot!.clone());
    step(optimizer, 0);
    expect([...before.dataSync()]).toEqual([1, -2]);
    expect(slots.flatMap((slot) => [...slot.dataSync()]).every((value) => value === 0)).toBe(true);
    expect([...given]).toEqual([1, -2]);
    expect([...parameter.dataSync()]).not.toEqual([1, -2]);
  });

  test.each([0, -1, Number.NaN, Infinity])("learning rate %s is refused, and nothing has changed", (rate) => {
    const optimizer = make(parametersOf());
    const before = values(optimizer.parameters);
    const gradients = optimizer.parameters.map((parameter) => tf.onesLike(parameter));
    expect(() => optimizer.apply(gradients, rate)).toThrow(`learning rate ${rate}: must be a positive number`);
    expect(values(optimizer.parameters)).toEqual(before);
    expect(optimizer.step).toBe(0);
  });

  test("a gradient too few is refused", () => {
    expect(() => make(parametersOf()).apply([tf.zeros([2])], 0.1)).toThrow("1 gradients for 2 parameters");
  });

  test("once more from the start: the same bits", () => {
    const run = () => {
      const optimizer = make(parametersOf());
      for (let t = 0; t < 5; t++) step(optimizer, t);
      return values(optimizer.parameters);
    };
    expect(run()).toEqual(run());
  });
});

describe("options out of range are refused", () => {
  const p = parametersOf();
  test.each<[string, () => Optimizer]>([
    ["momentum 1: must be at least 0 and less than 1", () => new Sgd(p, { momentum: 1 })],
    ["momentum -0.1: must be", () => new Sgd(p, { momentum: -0.1 })],
    ["momentum NaN: must be", () => new Sgd(p, { momentum: Number.NaN })],
    ["nesterov: needs a momentum above 0", () => new Sgd(p, { nesterov: true })],
    ["weight decay -1: must be a number of at least 0", () => new Sgd(p, { weightDecay: -1 })],
    ["weight decay Infinity", () => new Adam(p, { weightDecay: Infinity })],
    ["weight decay NaN", () => new AdamW(p, { weightDecay: Number.NaN })],
    ["beta1 1: must be", () => new Adam(p, { beta1: 1 })],
    ["beta2 -1: must be", () => new AdamW(p, { beta2: -1 })],
    ["epsilon 0: must be a positive number", () => new Adam(p, { epsilon: 0 })],
    ["needs at least one parameter", () => new Adam([])],
  ])("%s", (message, make) => {
    expect(make).toThrow(expect.objectContaining({ name: "UserError", message: expect.stringContaining(message) }));
  });
});

describe("what is not this optimiser's is refused, and nothing has changed", () => {
  const tensorsOf = (make: Make, parameters = parametersOf()) => make(parameters).tensors();
  const adam: Make = (p) => new Adam(p);
  const sgd: Make = (p) => new Sgd(p, { momentum: 0.9 });
  const zeros = (shape: number[]): NamedTensor => ({ dtype: "F32", shape, values: new Float32Array(2) });

  test.each<[string, Make, Map<string, NamedTensor>, string]>([
    [
      "another kind's",
      adam,
      tensorsOf(sgd),
      "adam keeps first and second for 2 parameters, the checkpoint has momentum",
    ],
    ["nothing", adam, new Map(), "the checkpoint has nothing (0/first differs)"],
    [
      "one for which there is no slot",
      sgd,
      new Map([...tensorsOf(sgd), ["2/momentum", zeros([2])]]),
      "2/momentum differs",
    ],
    [
      "another shape",
      sgd,
      new Map([...tensorsOf(sgd), ["1/momentum", zeros([2])]]),
      "has shape [2], the parameter wants [2,1]",
    ],
  ])("%s", (_, make, tensors, message) => {
    const optimizer = make(parametersOf());
    step(optimizer, 0);
    const before = optimizer.tensors();
    expect(() => optimizer.restore(7, tensors)).toThrow(message);
    expect(optimizer.tensors()).toEqual(before);
    expect(optimizer.step).toBe(1);
  });
});
