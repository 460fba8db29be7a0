import { expect } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { throughMemory } from "../throughMemory.js";
import { noise } from "../torchNames.js";
import { close, range, sum } from "./loops.js";

type Tensor = TensorFlow.Tensor;
type Values = Record<string, Float64Array>;

/** A layer with weights and one input, and the loops that say what it does. */
export interface WeightedCase {
  make: () => TensorFlow.layers.Layer;
  input: readonly number[];
  output: readonly number[];
  /** In double precision, of the input's values and those of the weights by name. */
  naive: (x: Float64Array, weights: Values) => number[];
}

const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);

/** Numbers that float32 holds. */
const numbers = (count: number, seed: number, scale = 1) =>
  Float64Array.from(noise(count, seed), (value) => Math.fround(scale * value));

const outerGradient = ({ output }: WeightedCase) => numbers(product(output), 3);
const inputValues = ({ input }: WeightedCase) => numbers(product(input), 1, 2);

/** "gru/inputWeight_3" is the weight "inputWeight". */
const weightName = ({ originalName }: TensorFlow.LayerVariable) =>
  originalName.slice(originalName.lastIndexOf("/") + 1);

/** A layer whose weights are noise; they are all trained. */
export function builtLayer(of: WeightedCase) {
  const layer = of.make();
  const symbolic = layer.apply(tf.input({ shape: of.input.slice(1) })) as TensorFlow.SymbolicTensor;
  expect(symbolic.shape).toEqual([null, ...of.output.slice(1)]);
  const values: Values = {};
  const variables = layer.trainableWeights.map((weight, i) => {
    const variable = weight.read() as TensorFlow.Variable;
    const drawn = numbers(variable.size, 10 + i);
    values[weightName(weight)] = drawn;
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(drawn), variable.shape)));
    return variable;
  });
  return { layer, values, variables };
}

export const inputOf = (of: WeightedCase) => tf.tensor(Float32Array.from(inputValues(of)), [...of.input]);

/** The output, then the gradients of the input and of each weight, for an output's gradient of noise. */
function outputAndGradients(
  of: WeightedCase,
  x: Tensor,
  { layer, variables }: ReturnType<typeof builtLayer>,
): Tensor[] {
  const dy = tf.tensor(Float32Array.from(outerGradient(of)), [...of.output]);
  const loss = (given: Tensor) => tf.sum(tf.mul(layer.apply(given) as Tensor, dy)) as TensorFlow.Scalar;
  const { grads } = tf.variableGrads(() => loss(x), variables);
  return [layer.apply(x) as Tensor, tf.grad(loss)(x), ...variables.map(({ name }) => grads[name]!)];
}

/** Output and every gradient, the latter by finite differences, on TensorFlow's backend and on tfjs's plain one. */
export async function expectWeightedLoops(of: WeightedCase): Promise<void> {
  const dy = outerGradient(of);
  for (const backend of ["tensorflow", "cpu"]) {
    await tf.setBackend(backend);
    try {
      tf.tidy(() => {
        const built = builtLayer(of);
        const [x, { values }] = [inputValues(of), built];
        const loss = () => sum(of.naive(x, values).map((value, i) => value * dy[i]!));
        const gradient = (variable: Float64Array) =>
          range(variable.length).map((i) => {
            const [kept, step] = [variable[i]!, 1e-6];
            variable[i] = kept + step;
            const above = loss();
            variable[i] = kept - step;
            const below = loss();
            variable[i] = kept;
            return (above - below) / (2 * step);
          });
        const found = outputAndGradients(of, inputOf(of), built);
        const wanted = [of.naive(x, values), ...[x, ...Object.values(values)].map(gradient)];
        expect(found).toHaveLength(wanted.length);
        expect(found[0]!.shape).toEqual(of.output);
        // Sums of up to 40 numbers below 4, through some steps; float32 has 6e-8.
        found.forEach((tensor, i) => {
          close(tensor.dataSync(), wanted[i]!, 2e-5);
        });
        built.layer.dispose();
      });
    } finally {
      await tf.setBackend("tensorflow");
    }
  }
}

/** A captured step gives what the eager one gives, bit for bit, gradients too; nothing leaks. */
export function expectWeightedCaptured(of: WeightedCase): void {
  const run = (mode: CompileOptions["mode"]) => {
    const built = builtLayer(of);
    const step = compile((x: Tensor) => tf.tidy(() => outputAndGradients(of, x, built).map((one) => tf.clone(one))), {
      mode,
    });
    expect(step.captured).toBe(mode === "captured");
    const x = inputOf(of);
    const outputs = step(x);
    const found = outputs.map((tensor) => [...tensor.dataSync()]);
    tf.dispose([x, outputs]);
    step.dispose();
    built.layer.dispose();
    return found;
  };
  const before = tf.memory().numTensors;
  expect(run("captured")).toEqual(run("eager"));
  expect(tf.memory().numTensors).toBe(before);
}

/** A model of the layer that is saved and loaded answers the same, with the same configuration. */
export async function expectWeightedSaved(of: WeightedCase): Promise<void> {
  const { layer } = builtLayer(of);
  const input = tf.input({ shape: of.input.slice(1) });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as TensorFlow.SymbolicTensor });
  const loaded = await throughMemory(model);
  expect(loaded.getLayer(layer.name).getConfig()).toEqual(layer.getConfig());
  tf.tidy(() => {
    const [first, second] = [model, loaded].map((one) => [...(one.apply(inputOf(of)) as Tensor).dataSync()]);
    expect(second).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });
  loaded.dispose();
  model.dispose();
}
