import { expect } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { throughMemory } from "../throughMemory.js";
import { noise } from "../torchNames.js";

type Tensor = TensorFlow.Tensor;

/** A layer without weights, and the loops that say what it does. */
export interface LoopCase {
  make: () => TensorFlow.layers.Layer;
  /** Shapes of its inputs. */
  inputs: readonly (readonly number[])[];
  /** Shape of its output. */
  output: readonly number[];
  /** In double precision, from the inputs' values in their order to the output's. */
  naive: (values: readonly ArrayLike<number>[]) => number[];
  /** Instead of noise from -1 to 1. */
  values?: (input: number, noise: Float64Array) => Float64Array;
}

export const range = (count: number) => [...Array(count).keys()];
export const sum = (numbers: readonly number[]) => numbers.reduce((all, value) => all + value, 0);
export const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);

export function close(found: ArrayLike<number>, wanted: readonly number[], off: number): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${i}`).toBeLessThan(off);
  });
}

function valuesOf({ inputs, values = (_, drawn) => drawn }: LoopCase): Float64Array[] {
  return inputs.map((shape, i) => values(i, noise(product(shape), i + 1)).map(Math.fround));
}

function tensorsOf(of: LoopCase): Tensor[] {
  return valuesOf(of).map((values, i) => tf.tensor(Float32Array.from(values), [...of.inputs[i]!]));
}

/** A layer with one input takes it as it is. */
const applied = (layer: TensorFlow.layers.Layer, inputs: Tensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;

/** The output, then the gradient of each input, for an output's gradient of noise. */
function outputAndGradients(of: LoopCase, layer = of.make(), inputs = tensorsOf(of)): Tensor[] {
  const dy = tf.tensor(Float32Array.from(outerGradient(of)), [...of.output]);
  const loss = (...given: Tensor[]) => tf.sum(tf.mul(applied(layer, given), dy)) as TensorFlow.Scalar;
  return [applied(layer, inputs), ...(tf.grads(loss)(inputs) as Tensor[])];
}

const outerGradient = ({ output }: LoopCase) => noise(product(output), 9);

/** What the loops give, and their gradients by finite differences. */
function wantedOf(of: LoopCase): number[][] {
  const [values, dy] = [valuesOf(of), outerGradient(of)];
  const loss = () => sum(of.naive(values).map((value, i) => value * dy[i]!));
  const gradients = values.map((input) =>
    range(input.length).map((i) => {
      const [kept, step] = [input[i]!, 1e-6];
      input[i] = kept + step;
      const above = loss();
      input[i] = kept - step;
      const below = loss();
      input[i] = kept;
      return (above - below) / (2 * step);
    }),
  );
  return [of.naive(values), ...gradients];
}

/** Output and gradients are those of the loops, on TensorFlow's backend and on tfjs's plain one. */
export async function expectLoops(of: LoopCase): Promise<void> {
  const wanted = wantedOf(of);
  for (const backend of ["tensorflow", "cpu"]) {
    await tf.setBackend(backend);
    try {
      tf.tidy(() => {
        const found = outputAndGradients(of);
        expect(found.map(({ shape }) => shape)).toEqual([of.output, ...of.inputs]);
        // Sums of up to 40 numbers below 4; float32 has 6e-8.
        found.forEach((tensor, i) => {
          close(tensor.dataSync(), wanted[i]!, 1e-5);
        });
      });
    } finally {
      await tf.setBackend("tensorflow");
    }
  }
}

/** The computed shape is the output's; a captured step gives what the eager one gives, bit for bit, gradients too; nothing leaks. */
export function expectCaptured(of: LoopCase): void {
  const layer = of.make();
  const symbolic = of.inputs.map((shape) => tf.input({ shape: shape.slice(1) }));
  const computed = layer.apply(symbolic.length === 1 ? symbolic[0]! : symbolic) as TensorFlow.SymbolicTensor;
  expect(computed.shape).toEqual([null, ...of.output.slice(1)]);
  const run = (mode: CompileOptions["mode"]) => {
    const step = compile(
      (...inputs: Tensor[]) => tf.tidy(() => outputAndGradients(of, layer, inputs).map((one) => tf.clone(one))),
      { mode },
    );
    expect(step.captured).toBe(mode === "captured");
    const inputs = tensorsOf(of);
    const outputs = step(...inputs);
    const found = outputs.map((tensor) => [...tensor.dataSync()]);
    tf.dispose([inputs, outputs]);
    step.dispose();
    return found;
  };
  const before = tf.memory().numTensors;
  expect(run("captured")).toEqual(run("eager"));
  expect(tf.memory().numTensors).toBe(before);
}

/** A model of the layer that is saved and loaded answers the same, with the same configuration. */
export async function expectSaved(of: LoopCase): Promise<void> {
  const inputs = of.inputs.map((shape) => tf.input({ shape: shape.slice(1) }));
  const layer = of.make();
  const outputs = layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as TensorFlow.SymbolicTensor;
  const model = tf.model({ inputs, outputs });
  const loaded = await throughMemory(model);
  expect(loaded.getLayer(layer.name).getConfig()).toEqual(layer.getConfig());
  tf.tidy(() => {
    const [first, second] = [model, loaded].map((one) => {
      const given = tensorsOf(of);
      return [...(one.apply(given.length === 1 ? given[0]! : given) as Tensor).dataSync()];
    });
    expect(second).toEqual(first);
  });
}
