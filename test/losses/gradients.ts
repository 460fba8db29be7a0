import { expect } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

type Nested = number[] | number[][] | number[][][];

/** Value and gradients, flat, of a scalar function with respect to each of its inputs, run as a step; no tensor may stay behind. */
export function gradientsOf(
  f: (...inputs: TensorFlow.Tensor[]) => TensorFlow.Scalar,
  inputs: Nested[],
  mode: "captured" | "eager" = "eager",
): { value: number; gradients: number[][] } {
  const before = tf.memory().numTensors;
  const step = compile(
    (...tensors: TensorFlow.Tensor[]) => {
      const { value, grads } = tf.valueAndGrads(f)(tensors);
      return [value, ...grads];
    },
    { mode },
  );
  expect(step.captured).toBe(mode === "captured");
  const [value, ...gradients] = tf.tidy(() =>
    step(...inputs.map((input) => tf.tensor(input))).map((tensor) => [...tensor.dataSync()]),
  );
  step.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { value: value![0]!, gradients };
}

/** Largest difference of two lists of gradients, each in shares of its largest element. */
export function off(found: number[][], wanted: number[][]): number {
  expect(found.map((one) => one.length)).toEqual(wanted.map((one) => one.length));
  const each = found.map((one, at) => {
    const differences = one.map((value, i) => Math.abs(value - wanted[at]![i]!));
    return Math.max(...differences) / Math.max(...wanted[at]!.map(Math.abs));
  });
  return Math.max(...each);
}

/** Normal numbers `[depth][rows][columns]`. */
export function normals(purpose: string, depth: number, rows: number, columns: number): number[][][] {
  const rng = new Streams(3).stream(purpose);
  const row = () => Array.from({ length: columns }, () => rng.normal());
  return Array.from({ length: depth }, () => Array.from({ length: rows }, row));
}
