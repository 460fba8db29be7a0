import { type TensorFlow, tf } from "../../tensorflow.js";
import {
  type InitialisationScheme,
  type InitialisedWeight,
  type SelfInitialising,
  torchBias,
} from "../init/initialise.js";
import { expectScheme } from "../init/schemes.js";
import { expectAxes, type Input } from "./call.js";

export interface MixAxisConfig {
  /** How the weight starts; unless said `kaiming-normal-fan-out`. With any but `torch`, the bias starts at 0. */
  init?: InitialisationScheme;
  name: string;
}

/**
 * A 1x1 convolution over an axis of rows, with one filter: y = sum_i w_i x_i + b (`torch.nn.Conv1d(rows, 1, 1)`).
 *
 * Input `[batch, rows, features]`, output `[batch, features]`. With a second input, `[batch, rows, sets]` of zeros and ones, there is an
 * output for each set, made of the rows in it, the others taken as zeros: `[batch, sets, features]`. The same weights serve every
 * set, and an empty one gives the bias.
 *
 * @throws RangeError, with the layer's name, for inputs of another number of rows
 */
export class MixAxis extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultMixAxis";
  private readonly init: InitialisationScheme;
  private weight: TensorFlow.LayerVariable | undefined;
  private bias: TensorFlow.LayerVariable | undefined;

  constructor(config: MixAxisConfig) {
    super(config as never);
    this.init = config.init ?? "kaiming-normal-fan-out";
    expectScheme(this.name, this.init);
  }

  override build(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): void {
    const [rows] = shapesOf(inputShape);
    expectAxes(this.name, rows!, ["batch", "rows", "features"]);
    if (!rows![1]) throw new RangeError(`${this.name}: the number of rows must be fixed, got [${rows}]`);
    this.weight = this.addWeight("weight", [rows![1], 1], "float32", tf.initializers.zeros());
    this.bias = this.addWeight("bias", [1], "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [
      { weight: this.weight!, scheme: this.init },
      { weight: this.bias!, scheme: this.init === "torch" ? torchBias(this.weight!.shape) : "zeros" },
    ];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape {
    const [rows, sets] = shapesOf(inputShape);
    const [batch, , features] = rows!;
    return sets ? [batch!, sets[2]!, features!] : [batch!, features!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const [x, sets] = [inputs].flat() as [TensorFlow.Tensor3D, TensorFlow.Tensor3D | undefined];
      const weight = this.weight!.read() as TensorFlow.Tensor2D; // [rows, 1]
      const count = weight.shape[0];
      for (const { shape } of sets ? [x, sets] : [x]) {
        if (shape.length === 3 && shape[1] === count) continue;
        throw new RangeError(
          `${this.name}: input [${shape}] must be [batch, rows, ...] with the ${count} rows it was built for`,
        );
      }
      if (!sets) return tf.add(tf.sum(tf.mul(x, weight), 1), this.bias!.read());
      const shares = tf.mul(sets, weight) as TensorFlow.Tensor3D; // [batch, rows, sets]
      return tf.add(tf.matMul(shares, x, true, false), this.bias!.read());
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), init: this.init as never };
  }
}
tf.serialization.registerClass(MixAxis);

function shapesOf(shape: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape[] {
  return (Array.isArray(shape[0]) ? shape : [shape]) as TensorFlow.Shape[];
}
