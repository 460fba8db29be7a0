import type { TensorFlow } from "../tensorflow.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Tensor = TensorFlow.Tensor;

/**
 * A tensor of a model's graph, in evaluation mode, from others that are known: with the model's inputs among them all of it, with what a
 * layer gives the part that comes after. Branches that meet again are computed once.
 *
 * @param known by `SymbolicTensor.id`; what is computed on the way is added. Call it in `tf.tidy`
 * @throws Error where the known ones do not lead to it
 */
export function computed(wanted: Symbolic, known: Map<number, Tensor>): Tensor {
  const found = known.get(wanted.id);
  if (found) return found;
  const given = wanted.inputs.map((input) => computed(input, known));
  if (given.length === 0) throw new Error(`the value of ${wanted.name} is needed and was not given`);
  const answer = wanted.sourceLayer.apply(given.length === 1 ? given[0]! : given) as Tensor | Tensor[];
  const value = [answer].flat()[wanted.outputTensorIndex ?? 0]!;
  known.set(wanted.id, value);
  return value;
}

/** What a tensor is computed from, nearest first, itself among it; without `until` and what only that needs. */
export function sourcesOf(tensor: Symbolic, until?: Symbolic): Symbolic[] {
  const found = new Map([[tensor.id, tensor]]);
  // A map that grows while it is walked is walked to its end.
  for (const { inputs } of found.values())
    for (const input of inputs) if (input.id !== until?.id) found.set(input.id, input);
  return [...found.values()];
}

/** Whether a tensor of a graph is computed from another one, or is the same. */
export function comesFrom(wanted: Symbolic, source: Symbolic): boolean {
  return sourcesOf(wanted).some(({ id }) => id === source.id);
}
