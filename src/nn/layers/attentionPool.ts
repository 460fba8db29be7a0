import { type TensorFlow, tf } from "../../tensorflow.js";
import { type InitialisedWeight, type SelfInitialising, torchBias } from "../init/initialise.js";
import { expectFeatures, expectWhole, type Input, single } from "./call.js";

export interface AttentionPoolConfig {
  /** Of the hidden layer that scores a step; unless said, as many as features. */
  units?: number;
  name: string;
}

const axes = ["batch", "time", "features"];

/**
 * Additive attention over time (Bahdanau et al. 2015, without a query): the mean of all steps, weighted by softmax over time of
 * v . tanh(W h + b). W, b and v start uniform within 1 / sqrt(inputs), as PyTorch's linear layers.
 *
 * Input `[batch, time, features]`, output `[batch, features]`. Weights `[features, units]`, `[units]` and `[units, 1]`.
 *
 * @throws RangeError, with the layer's name, for another number of features and for an unknown number of time steps
 */
export class AttentionPool extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultAttentionPool";
  private readonly units: number | undefined;
  private weight: TensorFlow.LayerVariable | undefined;
  private bias: TensorFlow.LayerVariable | undefined;
  private direction: TensorFlow.LayerVariable | undefined;

  constructor(config: AttentionPoolConfig) {
    super(config as never);
    this.units = config.units;
    if (this.units !== undefined) expectWhole(this.name, "units", this.units, 1);
  }

  override build(inputShape: TensorFlow.Shape): void {
    this.computeOutputShape(inputShape);
    const features = inputShape[2]!;
    const units = this.units ?? features;
    const zeros = tf.initializers.zeros();
    this.weight = this.addWeight("weight", [features, units], "float32", zeros);
    this.bias = this.addWeight("bias", [units], "float32", zeros);
    this.direction = this.addWeight("direction", [units, 1], "float32", zeros);
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [
      { weight: this.weight!, scheme: "torch" },
      { weight: this.bias!, scheme: torchBias(this.weight!.shape) },
      { weight: this.direction!, scheme: "torch" },
    ];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectFeatures(this.name, inputShape, axes, this.weight?.shape[0] ?? inputShape.at(-1)!);
    const [batch, time, features] = inputShape;
    if (!time) throw new RangeError(`${this.name}: the number of time steps must be fixed, got [${inputShape}]`);
    return [batch!, features!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single<TensorFlow.Tensor3D>(inputs);
      const shares = tf.expandDims(this.attention(x), 1) as TensorFlow.Tensor3D; // [batch, 1, time]
      return tf.squeeze(tf.matMul(shares, x), [1]);
    });
  }

  /** Each step's share, `[batch, time]`; those of an item sum to 1. @param x `[batch, time, features]` */
  attention(x: TensorFlow.Tensor3D): TensorFlow.Tensor2D {
    return tf.tidy(() => {
      this.computeOutputShape(x.shape);
      const [batch, time, features] = x.shape;
      const rows = tf.reshape(x, [-1, features]) as TensorFlow.Tensor2D;
      const hidden = tf.tanh(tf.add(tf.matMul(rows, this.weight!.read() as TensorFlow.Tensor2D), this.bias!.read()));
      const scores = tf.matMul(hidden as TensorFlow.Tensor2D, this.direction!.read() as TensorFlow.Tensor2D);
      return tf.softmax(tf.reshape(scores, [batch, time])) as TensorFlow.Tensor2D;
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.units === undefined ? {} : { units: this.units }) };
  }
}
tf.serialization.registerClass(AttentionPool);
