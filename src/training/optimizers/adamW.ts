import { applyInPlace } from "../../engine/applyInPlace.js";
import { float32Attribute } from "../../engine/nativeBackend.js";
import type { TensorFlow } from "../../tensorflow.js";
import { Adam, type AdamOptions } from "./adam.js";
import { requireRange } from "./optimizer.js";

export interface AdamWOptions extends Omit<AdamOptions, "weightDecay"> {
  /** Decoupled: each step takes `learningRate * weightDecay * parameter` off, past the moments; default 0.01. */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay, `torch.optim.AdamW`'s meaning: p -= lr weightDecay p, then Adam's step.
 * Loshchilov and Hutter 2019, algorithm 2 with the schedule inside the learning rate.
 */
export class AdamW extends Adam {
  override readonly name = "adamw";
  private readonly decay: number;

  /** @throws UserError for an option out of its range */
  constructor(parameters: readonly TensorFlow.Variable[], { weightDecay = 0.01, ...options }: AdamWOptions = {}) {
    requireRange("weight decay", weightDecay, 0, Infinity);
    super(parameters, options);
    this.decay = weightDecay;
  }

  protected override numbersOf(step: number, learningRate: number): number[] {
    return [...super.numbersOf(step, learningRate), learningRate * this.decay];
  }

  protected override updateOne(
    parameter: TensorFlow.Variable,
    gradient: TensorFlow.Tensor,
    slots: Readonly<Record<string, TensorFlow.Variable>>,
    numbers: readonly TensorFlow.Scalar[],
  ): void {
    if (this.decay > 0)
      applyInPlace("ResourceApplyGradientDescent", [float32Attribute("T")], [parameter], [numbers[2]!, parameter]);
    super.updateOne(parameter, gradient, slots, numbers);
  }
}
