import type { NamedTensor } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";

export interface AdamOptions {
  learningRate: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Coupled L2: added to the gradient as `weightDecay * parameter` (torch.optim.Adam, not AdamW). */
  weightDecay?: number;
}

/**
 * Adam with `torch.optim.Adam`'s formula: bias-corrected moments, epsilon added outside the root, coupled weight decay.
 * Kingma and Ba 2015, algorithm 1. The step count and both moments are its whole state.
 */
export class Adam {
  readonly parameters: readonly TensorFlow.Variable[];
  /** First and second moments, in the order of `parameters`. */
  readonly slots: { first: TensorFlow.Variable; second: TensorFlow.Variable }[];
  /** Steps done so far. */
  step = 0;
  private readonly options: Required<AdamOptions>;

  constructor(parameters: readonly TensorFlow.Variable[], options: AdamOptions) {
    this.options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...options };
    if (!(this.options.learningRate > 0 && Number.isFinite(this.options.learningRate))) {
      throw new RangeError(`learningRate must be a positive number, got ${this.options.learningRate}`);
    }
    this.parameters = parameters;
    this.slots = parameters.map((parameter) => ({
      first: tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false)),
      second: tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false)),
    }));
  }

  /** One update. `gradients` in the order of `parameters`, of the same shapes; they are not disposed. */
  apply(gradients: readonly TensorFlow.Tensor[]): void {
    this.step++;
    const { learningRate, beta1, beta2, epsilon, weightDecay } = this.options;
    // PyTorch's order: p -= (lr / c1) * m / (sqrt(v) / sqrt(c2) + eps).
    const stepSize = learningRate / (1 - beta1 ** this.step);
    const rootCorrection = Math.sqrt(1 - beta2 ** this.step);
    this.parameters.forEach((parameter, i) => {
      tf.tidy(() => {
        const { first, second } = this.slots[i]!;
        const raw = gradients[i]!;
        const gradient = weightDecay === 0 ? raw : tf.add(raw, tf.mul(parameter, weightDecay));
        const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        first.assign(m);
        second.assign(v);
        const denominator = tf.add(tf.div(tf.sqrt(v), rootCorrection), epsilon);
        parameter.assign(tf.sub(parameter, tf.mul(tf.div(m, denominator), stepSize)));
      });
    });
  }

  /** Copies of both moments, by the position of their parameter. */
  tensors(): Map<string, NamedTensor> {
    const copy = (variable: TensorFlow.Variable): NamedTensor => {
      return { dtype: "F32", shape: variable.shape.slice(), values: (variable.dataSync() as Float32Array).slice() };
    };
    const tensors = new Map<string, NamedTensor>();
    this.slots.forEach(({ first, second }, i) => {
      tensors.set(`${i}/first`, copy(first));
      tensors.set(`${i}/second`, copy(second));
    });
    return tensors;
  }

  /** Goes on where `tensors()` was taken after `step` steps. Throws an Error where a moment is missing. */
  restore(step: number, tensors: Map<string, NamedTensor>): void {
    this.slots.forEach((slots, i) => {
      for (const kind of ["first", "second"] as const) {
        const given = tensors.get(`${i}/${kind}`);
        if (!given) throw new Error(`the optimiser's moment ${i}/${kind} is missing`);
        const tensor = tf.tensor(given.values, given.shape);
        slots[kind].assign(tensor);
        tensor.dispose();
      }
    });
    this.step = step;
  }

  dispose(): void {
    for (const { first, second } of this.slots) tf.dispose([first, second]);
  }
}
