import { describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Gru } from "../../../src/nn/layers/gru.js";
import { Lstm } from "../../../src/nn/layers/lstm.js";
import type { RecurrentConfig } from "../../../src/nn/layers/recurrent.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";
import { close, mean, range, sum } from "./loops.js";
import {
  builtLayer,
  expectWeightedCaptured,
  expectWeightedLoops,
  expectWeightedSaved,
  inputOf,
  type WeightedCase,
} from "./weightedLoops.js";

const [batch, time, features, units] = [2, 5, 3, 4];
const kinds = { Lstm, Gru };
type Kind = keyof typeof kinds;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** One cell's next state by the equations in the documentation of torch.nn.LSTM and torch.nn.GRU: h, and c where it has one. */
function cell(
  kind: Kind,
  gate: (which: number, unit: number) => [input: number, state: number],
  h: number[],
  c: number[],
) {
  const both = (which: number, unit: number) => sum(gate(which, unit));
  if (kind === "Gru") {
    const next = range(units).map((j) => {
      const [r, z] = [sigmoid(both(0, j)), sigmoid(both(1, j))];
      const [input, state] = gate(2, j);
      return (1 - z) * Math.tanh(input + r * state) + z * h[j]!;
    });
    return { h: next, c };
  }
  const cells = range(units).map((j) => sigmoid(both(1, j)) * c[j]! + sigmoid(both(0, j)) * Math.tanh(both(2, j)));
  return { h: cells.map((value, j) => sigmoid(both(3, j)) * Math.tanh(value)), c: cells };
}

function naive(kind: Kind, { bidirectional, steps }: Partial<RecurrentConfig>): WeightedCase["naive"] {
  const columns = (kind === "Gru" ? 3 : 4) * units;
  return (x, weights) => {
    const ends = bidirectional ? ["", "Reverse"] : [""];
    return range(batch).flatMap((b) => {
      const directions = ends.map((end) => {
        const of = (part: string) => weights[`${part}${end}`]!;
        const order = end === "" ? range(time) : range(time).reverse();
        let state = { h: Array<number>(units).fill(0), c: Array<number>(units).fill(0) };
        const told = new Map<number, number[]>();
        for (const t of order) {
          const gate = (which: number, unit: number): [number, number] => {
            const column = which * units + unit;
            const input = range(features).map(
              (k) => x[(b * time + t) * features + k]! * of("inputWeight")[k * columns + column]!,
            );
            const before = range(units).map((k) => state.h[k]! * of("recurrentWeight")[k * columns + column]!);
            return [sum(input) + of("inputBias")[column]!, sum(before) + of("recurrentBias")[column]!];
          };
          state = cell(kind, gate, state.h, state.c);
          told.set(t, state.h);
        }
        return { told, last: state.h };
      });
      if (steps === "last") return directions.flatMap(({ last }) => last);
      return range(time).flatMap((t) => directions.flatMap(({ told }) => told.get(t)!));
    });
  };
}

function caseOf(kind: Kind, config: Partial<RecurrentConfig>): WeightedCase {
  const width = units * (config.bidirectional ? 2 : 1);
  return {
    make: () => new kinds[kind]({ units, ...config, name: "rnn" }),
    input: [batch, time, features],
    output: config.steps === "last" ? [batch, width] : [batch, time, width],
    naive: naive(kind, config),
  };
}

describe.each(["Lstm", "Gru"] as const)("%s", (kind) => {
  describe.each<[string, Partial<RecurrentConfig>]>([
    ["one direction, every step", {}],
    ["one direction, the last step", { steps: "last" }],
    ["both directions, every step", { bidirectional: true }],
    ["both directions, the last steps", { bidirectional: true, steps: "last" }],
  ])("%s", (_, config) => {
    test("gives what loops give, with gradients", () => expectWeightedLoops(caseOf(kind, config)));
    test("is captured", () => expectWeightedCaptured(caseOf(kind, config)));
    test("is saved and loaded", () => expectWeightedSaved(caseOf(kind, config)));
  });

  test("a single step is captured too", () => {
    expectWeightedCaptured({ ...caseOf(kind, {}), input: [batch, 1, features], output: [batch, 1, units] });
  });

  test("the reverse direction is the forward one of the reversed input", () => {
    tf.tidy(() => {
      const both = builtLayer(caseOf(kind, { bidirectional: true }));
      const forward = builtLayer(caseOf(kind, {}));
      const x = inputOf(caseOf(kind, {}));
      const y = both.layer.apply(x) as TensorFlow.Tensor;
      for (const [end, place] of [
        ["", 0],
        ["Reverse", units],
      ] as const) {
        forward.variables.forEach((variable, i) => {
          variable.assign(both.variables[i + (end === "" ? 0 : forward.variables.length)]!);
        });
        const turn = (z: TensorFlow.Tensor) => (end === "" ? z : tf.reverse(z, 1));
        const alone = turn(forward.layer.apply(turn(x)) as TensorFlow.Tensor);
        const part = tf.slice(y, [0, 0, place], [-1, -1, units]);
        close(part.dataSync(), [...alone.dataSync()], 1e-6);
      }
    });
  });

  test("a step knows nothing of those after it, in its direction", () => {
    tf.tidy(() => {
      const { layer } = builtLayer(caseOf(kind, { bidirectional: true }));
      const x = inputOf(caseOf(kind, {}));
      // Another last frame, then another first one.
      const other = tf.tensor(Float32Array.from(noise(batch * features, 5)), [batch, 1, features]);
      const answer = (z: TensorFlow.Tensor) => layer.apply(z) as TensorFlow.Tensor3D;
      const late = answer(tf.concat([tf.slice(x, [0, 0, 0], [-1, time - 1, -1]), other], 1));
      const early = answer(tf.concat([other, tf.slice(x, [0, 1, 0], [-1, time - 1, -1])], 1));
      const part = (y: TensorFlow.Tensor, t: number, place: number) => [
        ...tf.slice(y, [0, t, place], [-1, 1, units]).dataSync(),
      ];
      const y = answer(x);
      for (const t of range(time)) {
        const same = [part(late, t, 0), part(early, t, units)].map(
          (found, i) => found.join() === part(y, t, i * units).join(),
        );
        expect(same, `step ${t}`).toEqual([t < time - 1, t > 0]);
      }
    });
  });

  test("weights have PyTorch's shapes, turned, and start as its do: uniform within 1 / sqrt(units)", () => {
    const gates = kind === "Gru" ? 3 : 4;
    const inputs = tf.input({ shape: [2, 30] });
    const layer = new kinds[kind]({ units: 100, bidirectional: true, name: "rnn" });
    const model = tf.model({ inputs, outputs: layer.apply(inputs) as TensorFlow.SymbolicTensor });
    initialiseWeights(model, new Streams(3));
    const weights = readWeights(model);
    const shapes = { inputWeight: [30, gates * 100], recurrentWeight: [100, gates * 100] };
    const biases = { inputBias: [gates * 100], recurrentBias: [gates * 100] };
    const named = Object.entries({ ...shapes, ...biases });
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(
      ["", "Reverse"].flatMap((end) => named.map(([part, shape]) => [`rnn/${part}${end}`, shape])),
    );
    for (const [name, { values }] of weights) {
      const scaled = Array.from(values, (value) => value * 10);
      expect(Math.max(...scaled.map(Math.abs)), name).toBeLessThanOrEqual(1 + 1e-6);
      // The variance of a uniform number is 1/3, off by its deviation of sqrt(4/45 / count), here five times that.
      const off = 5 * Math.sqrt(4 / 45 / scaled.length);
      expect(Math.abs(mean(scaled.map((value) => value * value)) - 1 / 3), name).toBeLessThan(off);
    }
    expect(new Set([...weights.values()].map(({ values }) => values[0])).size).toBe(8);
    model.dispose();
  });
});

test("layers upon layers in one model: all steps of the first are the second's input", () => {
  const inputs = tf.input({ shape: [time, features] });
  const first = new Gru({ units, bidirectional: true, name: "first" });
  const second = new Lstm({ units: 2, steps: "last", name: "second" });
  const model = tf.model({ inputs, outputs: second.apply(first.apply(inputs)) as TensorFlow.SymbolicTensor });
  initialiseWeights(model, new Streams(1));
  tf.tidy(() => {
    const x = inputOf(caseOf("Gru", {}));
    const inTwo = second.apply(first.apply(x)) as TensorFlow.Tensor;
    const inOne = model.apply(x) as TensorFlow.Tensor;
    expect(inOne.shape).toEqual([batch, 2]);
    expect([...inOne.dataSync()]).toEqual([...inTwo.dataSync()]);
  });
  model.dispose();
});

describe.each(["Lstm", "Gru"] as const)("%s refuses, with its name,", (kind) => {
  const layer = (config: object = {}) => new kinds[kind]({ units, name: "rnn", ...config });

  test.each<[object, string]>([
    [{ units: 0 }, "rnn: units must be whole numbers of at least 1, got 0"],
    [{ steps: "first" }, 'rnn: steps must be "all" or "last", got "first"'],
  ])("%o", (config, message) => {
    expect(() => layer(config)).toThrow(RangeError);
    expect(() => layer(config)).toThrow(message);
  });

  test.each<[(number | null)[], string]>([
    [[2, 3, 4, 5], "rnn: input must be [batch, time, features], got [2,3,4,5]"],
    [[2, 3], "rnn: input must be [batch, time, features], got [2,3]"],
    [[2, null, 3], "rnn: the number of time steps must be fixed, got [2,,3]"],
    [[2, 0, 3], "rnn: the number of time steps must be fixed, got [2,0,3]"],
  ])("an input [%o]", (batchShape, message) => {
    expect(() => layer().apply(tf.input({ batchShape }))).toThrow(RangeError);
    expect(() => layer().apply(tf.input({ batchShape }))).toThrow(message);
  });

  test("another number of features, once it is built", () => {
    tf.tidy(() => {
      const { layer: built } = builtLayer(caseOf(kind, {}));
      expect(() => built.apply(tf.ones([1, 2, 7]))).toThrow(
        "rnn: input [1,2,7] has 7 features, the layer was built for 3",
      );
    });
  });
});
