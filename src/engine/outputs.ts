import { type TensorFlow, tf } from "../tensorflow.js";

/** What a step may return: a tensor, or lists and records of them, nested as you like; or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a step without a result is written as a function without `return`
export type StepOutputs = TensorFlow.Tensor | StepOutputs[] | { [name: string]: StepOutputs } | void;

/** The tensors of a step's result in a fixed order, and how to put others in their places. */
export interface FlatOutputs {
  tensors: TensorFlow.Tensor[];
  rebuild(tensors: readonly TensorFlow.Tensor[]): unknown;
}

/**
 * Takes a step's result apart. Throws an Error that names the place of anything that is not a tensor: a number would be the
 * tracing's for ever.
 */
export function flattenOutputs(value: unknown, step: string): FlatOutputs {
  const tensors: TensorFlow.Tensor[] = [];
  const build = visit(value, "its result", step, tensors);
  return { tensors, rebuild: build };
}

type Build = (tensors: readonly TensorFlow.Tensor[]) => unknown;

function visit(value: unknown, place: string, step: string, tensors: TensorFlow.Tensor[]): Build {
  if (value === undefined) return () => undefined;
  if (value instanceof tf.Tensor) {
    const position = tensors.push(value) - 1;
    return (given) => given[position];
  }
  if (Array.isArray(value)) {
    const parts = value.map((part, i) => visit(part, `${place}[${i}]`, step, tensors));
    return (given) => parts.map((part) => part(given));
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const parts = Object.entries(value).map(
      ([name, part]) => [name, visit(part, `${place}.${name}`, step, tensors)] as const,
    );
    return (given) => Object.fromEntries(parts.map(([name, part]) => [name, part(given)]));
  }
  throw new Error(
    `${step}: ${place} is ${describe(value)}; a compiled step returns tensors, in lists and records if there are several`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return `the ${typeof value} ${value}`;
  return typeof value === "function" ? "a function" : `of class ${value?.constructor?.name ?? typeof value}`;
}
