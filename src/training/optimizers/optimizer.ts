import type { NamedTensor } from "../../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { UserError } from "../../userError.js";

type Tensor = TensorFlow.Tensor;
type Variable = TensorFlow.Variable;

/**
 * What every optimiser is: parameters, slots of the same shapes that it keeps beside them, and the count of steps done.
 *
 * What changes from step to step reaches an update as one small tensor, `stepNumbers`, computed in double precision outside of
 * TensorFlow. `update` itself reads nothing but tensors and constants, so it can be captured once and used for every step, whatever the
 * learning rate; and since it runs TensorFlow's own kernels either way, a captured step gives the same bits as one run op by op.
 */
export abstract class Optimizer {
  /** Such as "adam": what a message calls it. */
  abstract readonly name: string;
  readonly parameters: readonly Variable[];
  /** By name; each has one variable per parameter, of its shape. They exist before the first step, and start at zero. */
  readonly slots: Readonly<Record<string, readonly Variable[]>>;
  /** Steps done so far. */
  step = 0;

  protected constructor(parameters: readonly Variable[], slotNames: readonly string[]) {
    if (parameters.length === 0)
      throw new UserError("an optimiser needs at least one parameter: is everything frozen?");
    this.parameters = parameters;
    const zeros = ({ shape }: Variable) => tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.slots = Object.fromEntries(slotNames.map((name) => [name, parameters.map(zeros)]));
  }

  /**
   * What the step after `this.step` others needs to know, to be handed to `update` as a tensor.
   *
   * @throws UserError unless the learning rate is a positive number
   */
  stepNumbers(learningRate: number): number[] {
    if (!(learningRate > 0 && Number.isFinite(learningRate)))
      throw new UserError(`learning rate ${learningRate}: must be a positive number`);
    return this.numbersOf(this.step + 1, learningRate);
  }

  /**
   * One step's change of parameters and slots, in TensorFlow operations only; does not count the step.
   *
   * @param gradients in the order of `parameters`, of the same shapes; they are not disposed
   * @param stepNumbers `[stepNumbers().length]`
   */
  update(gradients: readonly Tensor[], stepNumbers: TensorFlow.Tensor1D): void {
    if (gradients.length !== this.parameters.length)
      throw new RangeError(`${gradients.length} gradients for ${this.parameters.length} parameters`);
    tf.tidy(() => {
      const numbers = tf.unstack(stepNumbers) as TensorFlow.Scalar[];
      this.parameters.forEach((parameter, i) => {
        this.updateOne(parameter, gradients[i]!, this.slotsOf(i), numbers);
      });
    });
  }

  /** One step at once: numbers, update, count. */
  apply(gradients: readonly Tensor[], learningRate: number): void {
    tf.tidy(() => this.update(gradients, tf.tensor1d(this.stepNumbers(learningRate))));
    this.step++;
  }

  /** @param step counted from 1 */
  protected abstract numbersOf(step: number, learningRate: number): number[];

  protected abstract updateOne(
    parameter: Variable,
    gradient: Tensor,
    slots: Readonly<Record<string, Variable>>,
    numbers: readonly TensorFlow.Scalar[],
  ): void;

  /** Copies of all slots, as "3/momentum": the parameter's position and the slot's name. */
  tensors(): Map<string, NamedTensor> {
    const tensors = new Map<string, NamedTensor>();
    for (const { key, slot } of this.keyedSlots()) {
      const values = (slot.dataSync() as Float32Array).slice();
      tensors.set(key, { dtype: "F32", shape: slot.shape.slice(), values });
    }
    return tensors;
  }

  /**
   * Goes on where `tensors()` was taken after `step` steps. Throws an Error that names the first slot that is missing, left over or of
   * another shape; nothing is changed then.
   */
  restore(step: number, tensors: ReadonlyMap<string, NamedTensor>): void {
    const slots = [...this.keyedSlots()];
    const keys = new Set(slots.map(({ key }) => key));
    const odd = slots.find(({ key }) => !tensors.has(key))?.key ?? [...tensors.keys()].find((key) => !keys.has(key));
    if (odd !== undefined) {
      const given = [...new Set([...tensors.keys()].map((key) => key.slice(key.indexOf("/") + 1)))].join(" and ");
      const own = Object.keys(this.slots).join(" and ");
      throw new Error(
        `the checkpoint is not of this optimiser: ${this.name} keeps ${own || "nothing"} for ${this.parameters.length} parameters, the checkpoint has ${given || "nothing"} (${odd} differs)`,
      );
    }
    for (const { key, slot } of slots) {
      const { shape } = tensors.get(key)!;
      if (shape.join() !== slot.shape.join())
        throw new Error(`the optimiser's slot ${key} has shape [${shape}], the parameter wants [${slot.shape}]`);
    }
    for (const { key, slot } of slots) {
      const { values, shape } = tensors.get(key)!;
      tf.tidy(() => slot.assign(tf.tensor(values, shape)));
    }
    this.step = step;
  }

  dispose(): void {
    for (const { slot } of this.keyedSlots()) slot.dispose();
  }

  private slotsOf(index: number): Record<string, Variable> {
    return Object.fromEntries(Object.entries(this.slots).map(([name, variables]) => [name, variables[index]!]));
  }

  private *keyedSlots(): Generator<{ key: string; slot: Variable }> {
    for (const index of this.parameters.keys()) {
      for (const [name, slot] of Object.entries(this.slotsOf(index))) yield { key: `${index}/${name}`, slot };
    }
  }
}

/** Throws UserError unless `low <= value < high`, naming the option. */
export function requireRange(option: string, value: number, low: number, high: number): void {
  if (value >= low && value < high) return;
  const wanted = high === Infinity ? `a number of at least ${low}` : `at least ${low} and less than ${high}`;
  throw new UserError(`${option} ${value}: must be ${wanted}`);
}

/** gradient + weightDecay * parameter: decay coupled to the gradient, as an L2 penalty (papers.md 6.13). */
export function withCoupledDecay(gradient: Tensor, parameter: Variable, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
}
