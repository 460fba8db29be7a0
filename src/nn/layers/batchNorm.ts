import { type TensorFlow, tf } from "../../tensorflow.js";
import { isFrozen } from "../frozen.js";
import type { InitialisationScheme, InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { batchNormEvaluation, batchNormTraining } from "../ops/batchNorm.js";
import { type CallOptions, expectAxes, expectFeatures, type Input, single } from "./call.js";

/**
 * Whose meaning of the options, and whose defaults. `torch`: epsilon 1e-5; momentum 0.1 is the share of the new batch in the
 * running averages, whose variance is unbiased. `keras`: epsilon 1e-3; momentum 0.99 is the share of the old average, and the
 * variance is biased.
 */
export type BatchNormConvention = "torch" | "keras";

const defaults = { torch: { epsilon: 1e-5, momentum: 0.1 }, keras: { epsilon: 1e-3, momentum: 0.99 } } as const;

export interface BatchNormConfig {
  /** Unless said, `torch`. */
  convention?: BatchNormConvention;
  /** Added to the variance, inside the root. */
  epsilon?: number;
  /** Counted as the convention counts it. */
  momentum?: number;
  /** How the scale starts: `ones`, or `zeros` where a residual block starts as the identity. */
  init?: Extract<InitialisationScheme, "ones" | "zeros">;
  name: string;
}

/** What BatchNorm1d and BatchNorm2d share: statistics over all axes but the last. */
export abstract class BatchNorm extends tf.layers.Layer implements SelfInitialising {
  /** Numbers of axes that the layer takes, in words. */
  protected abstract readonly axes: readonly (readonly string[])[];
  private readonly config: Required<Omit<BatchNormConfig, "name">>;
  private scale: TensorFlow.LayerVariable | undefined;
  private offset: TensorFlow.LayerVariable | undefined;
  private runningMean: TensorFlow.LayerVariable | undefined;
  private runningVariance: TensorFlow.LayerVariable | undefined;

  constructor(config: BatchNormConfig) {
    super(config as never);
    const { convention = "torch", init = "ones" } = config;
    if (!(convention in defaults)) {
      throw new RangeError(`${this.name}: convention must be "torch" or "keras", got ${JSON.stringify(convention)}`);
    }
    const { epsilon = defaults[convention].epsilon, momentum = defaults[convention].momentum } = config;
    if (!(epsilon > 0)) throw new RangeError(`${this.name}: epsilon must be positive, got ${epsilon}`);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`${this.name}: momentum must be from 0 to 1, got ${momentum}`);
    }
    this.config = { convention, epsilon, momentum, init };
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, this.axesOf(inputShape));
    const shape = [inputShape.at(-1)!];
    const { zeros, ones } = tf.initializers;
    this.scale = this.addWeight("scale", shape, "float32", ones());
    this.offset = this.addWeight("offset", shape, "float32", zeros());
    this.runningMean = this.addWeight("runningMean", shape, "float32", zeros(), undefined, false);
    this.runningVariance = this.addWeight("runningVariance", shape, "float32", ones(), undefined, false);
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [
      { weight: this.scale!, scheme: this.config.init },
      { weight: this.offset!, scheme: "zeros" },
      { weight: this.runningMean!, scheme: "zeros" },
      { weight: this.runningVariance!, scheme: "ones" },
    ];
  }

  override call(inputs: Input, { training }: CallOptions): TensorFlow.Tensor {
    return tf.tidy(() => {
      const input = single(inputs);
      const [scale, offset] = [this.scale!, this.offset!].map((weight) => weight.read() as TensorFlow.Tensor1D);
      expectFeatures(this.name, input.shape, this.axesOf(input.shape), scale!.size);
      const x = asPicture(input);
      const y = training && !isFrozen(this) ? this.train(x, scale!, offset!) : this.evaluate(x, scale!, offset!);
      return input.rank === 4 ? y : tf.reshape(y, input.shape);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }

  private axesOf(shape: readonly unknown[]): readonly string[] {
    return this.axes.find((axes) => axes.length === shape.length) ?? this.axes[0]!;
  }

  private evaluate(x: TensorFlow.Tensor4D, scale: TensorFlow.Tensor1D, offset: TensorFlow.Tensor1D) {
    const mean = this.runningMean!.read() as TensorFlow.Tensor1D;
    const variance = this.runningVariance!.read() as TensorFlow.Tensor1D;
    return batchNormEvaluation(x, scale, offset, this.config.epsilon, { mean, variance });
  }

  private train(x: TensorFlow.Tensor4D, scale: TensorFlow.Tensor1D, offset: TensorFlow.Tensor1D) {
    const { convention, epsilon, momentum } = this.config;
    const count = x.size / scale.size;
    if (count < 2) {
      throw new RangeError(`${this.name}: training needs more than one value a channel, got an input of [${x.shape}]`);
    }
    const keras = convention === "keras";
    const newShare = keras ? 1 - momentum : momentum;
    return batchNormTraining(x, scale, offset, epsilon, (mean, variance) => {
      moveTowards(this.runningMean!, mean, newShare);
      const biased = () => tf.mul(variance, (count - 1) / count);
      moveTowards(this.runningVariance!, keras ? biased() : variance, newShare);
    });
  }
}

function moveTowards(average: TensorFlow.LayerVariable, value: TensorFlow.Tensor, share: number): void {
  average.write(tf.add(tf.mul(average.read(), 1 - share), tf.mul(value, share)));
}

/** `[batch, features]` and `[batch, time, channels]` as pictures one cell wide: the kernels take four axes. */
function asPicture(x: TensorFlow.Tensor): TensorFlow.Tensor4D {
  if (x.rank === 4) return x as TensorFlow.Tensor4D;
  return tf.reshape(x, [x.shape[0]!, x.rank === 3 ? x.shape[1]! : 1, 1, x.shape.at(-1)!]);
}
