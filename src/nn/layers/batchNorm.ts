import { type TensorFlow, tf } from "../../tensorflow.js";
import { isFrozen } from "../frozen.js";
import type { InitialisationScheme, InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { batchNormEvaluation, batchNormTraining } from "../ops/batchNorm.js";
import { type CallOptions, expectAxes, expectFeatures, expectWhole, type Input, single } from "./call.js";

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
  /**
   * Unless said 1. Above, the batch axis is `[batch * positions]`, and training does what a loop over the positions would: statistics of
   * each position apart, the running averages moved once for each, in order. Evaluation is the same.
   */
  positions?: number;
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
    const { convention = "torch", init = "ones", positions = 1 } = config;
    if (!(convention in defaults)) {
      throw new RangeError(`${this.name}: convention must be "torch" or "keras", got ${JSON.stringify(convention)}`);
    }
    const { epsilon = defaults[convention].epsilon, momentum = defaults[convention].momentum } = config;
    if (!(epsilon > 0)) throw new RangeError(`${this.name}: epsilon must be positive, got ${epsilon}`);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`${this.name}: momentum must be from 0 to 1, got ${momentum}`);
    }
    expectWhole(this.name, "positions", positions, 1);
    this.config = { convention, epsilon, momentum, init, positions };
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

  /** In evaluation mode the layer is x * factor + shift, `[channels]` each. */
  evaluationLine(): { factor: TensorFlow.Tensor1D; shift: TensorFlow.Tensor1D } {
    const read = (weight: TensorFlow.LayerVariable | undefined) => weight!.read() as TensorFlow.Tensor1D;
    const factor: TensorFlow.Tensor1D = tf.mul(
      read(this.scale),
      tf.rsqrt(tf.add(read(this.runningVariance), this.config.epsilon)),
    );
    return { factor, shift: tf.sub(read(this.offset), tf.mul(read(this.runningMean), factor)) };
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
    const { convention, epsilon, momentum, positions } = this.config;
    if (x.shape[0] % positions !== 0) {
      throw new RangeError(`${this.name}: a batch of ${x.shape[0]} is not a multiple of ${positions} positions`);
    }
    const count = x.size / scale.size / positions;
    if (count < 2) {
      const of = positions === 1 ? "" : ` in each of ${positions} positions`;
      throw new RangeError(
        `${this.name}: training needs more than one value a channel${of}, got an input of [${x.shape}]`,
      );
    }
    const keras = convention === "keras";
    const newShare = keras ? 1 - momentum : momentum;
    const apart = positions > 1 ? positionsApart(x, positions) : x;
    const wide = (weight: TensorFlow.Tensor1D): TensorFlow.Tensor1D =>
      positions > 1 ? tf.tile(weight, [positions]) : weight;
    const y = batchNormTraining(apart, wide(scale), wide(offset), epsilon, (mean, variance) => {
      moveTowards(this.runningMean!, mean, newShare, positions);
      const biased = () => tf.mul(variance, (count - 1) / count);
      moveTowards(this.runningVariance!, keras ? biased() : variance, newShare, positions);
    });
    return positions > 1 ? positionsTogether(y, positions) : y;
  }
}

/** @param values `[positions * channels]`, taken one position after the other */
function moveTowards(
  average: TensorFlow.LayerVariable,
  values: TensorFlow.Tensor,
  share: number,
  positions: number,
): void {
  const keep = 1 - share;
  if (positions === 1) {
    average.write(tf.add(tf.mul(average.read(), keep), tf.mul(values, share)));
    return;
  }
  // What is left of each position's share after those behind it.
  const shares = Array.from({ length: positions }, (_, i) => [share * keep ** (positions - 1 - i)]);
  const moved = tf.sum(tf.mul(tf.reshape(values, [positions, -1]), tf.tensor2d(shares)), 0);
  average.write(tf.add(tf.mul(average.read(), keep ** positions), moved));
}

/** `[batch * positions, height, width, channels]` as `[batch, height, width, positions * channels]`. */
function positionsApart(x: TensorFlow.Tensor4D, positions: number): TensorFlow.Tensor4D {
  const [, height, width, channels] = x.shape;
  const apart = tf.transpose(tf.reshape(x, [-1, positions, height * width, channels]), [0, 2, 1, 3]);
  return tf.reshape(apart, [-1, height, width, positions * channels]);
}

/** What `positionsApart` did, taken back. */
function positionsTogether(y: TensorFlow.Tensor4D, positions: number): TensorFlow.Tensor4D {
  const [, height, width, channels] = y.shape;
  const together = tf.transpose(tf.reshape(y, [-1, height * width, positions, channels / positions]), [0, 2, 1, 3]);
  return tf.reshape(together, [-1, height, width, channels / positions]);
}

/** `[batch, features]` and `[batch, time, channels]` as pictures one cell wide: the kernels take four axes. */
function asPicture(x: TensorFlow.Tensor): TensorFlow.Tensor4D {
  if (x.rank === 4) return x as TensorFlow.Tensor4D;
  return tf.reshape(x, [x.shape[0]!, x.rank === 3 ? x.shape[1]! : 1, 1, x.shape.at(-1)!]);
}
