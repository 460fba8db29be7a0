import { readWeights, writeWeights } from "../nn/weights/modelWeights.js";
import type { NamedTensor } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";

/**
 * An exponential moving average of all of a model's weights, parameters and buffers (running statistics) alike:
 * average = decay * average + (1 - decay) * weight after each step, starting from the weights as they are now.
 *
 * CycleGuardian's code has decay 0.1, which follows the weights closely (papers.md 1.6, decision 16); elsewhere 0.99 and above are usual.
 */
export class MovingAverage {
  private readonly model: TensorFlow.LayersModel;
  private readonly decay: number;
  private readonly pairs: { weight: TensorFlow.Variable; average: TensorFlow.Variable }[];

  /** @throws UserError unless 0 <= decay < 1 */
  constructor(model: TensorFlow.LayersModel, decay: number) {
    if (!(decay >= 0 && decay < 1))
      throw new UserError(`decay of the moving average ${decay}: must be at least 0 and less than 1`);
    this.model = model;
    this.decay = decay;
    this.pairs = model.weights.map((layerVariable) => {
      const weight = layerVariable.read() as TensorFlow.Variable;
      return { weight, average: tf.variable(weight, false) };
    });
  }

  /** Moves the average, after a step; TensorFlow operations only. */
  update(): void {
    const { decay } = this;
    for (const { weight, average } of this.pairs) {
      tf.tidy(() => average.assign(tf.add(tf.mul(average, decay), tf.mul(weight, 1 - decay))));
    }
  }

  /** Does `work` while the model holds the average; afterwards, whatever happened, it holds its own weights again. */
  async during<T>(work: () => Promise<T> | T): Promise<T> {
    this.exchange();
    try {
      return await work();
    } finally {
      this.exchange();
    }
  }

  /** Copies of the averages, by the names of `readWeights`. */
  tensors(): Map<string, NamedTensor> {
    this.exchange();
    try {
      return readWeights(this.model);
    } finally {
      this.exchange();
    }
  }

  /** Goes on from what `tensors()` gave. Throws as `writeWeights` does. */
  restore(tensors: Map<string, NamedTensor>): void {
    this.exchange();
    try {
      writeWeights(this.model, tensors);
    } finally {
      this.exchange();
    }
  }

  dispose(): void {
    for (const { average } of this.pairs) average.dispose();
  }

  private exchange(): void {
    for (const { weight, average } of this.pairs) {
      const value = weight.clone();
      weight.assign(average);
      average.assign(value);
      value.dispose();
    }
  }
}
