import { type TensorFlow, tf } from "../../tensorflow.js";
import {
  type InitialisationScheme,
  type InitialisedWeight,
  type SelfInitialising,
  torchBias,
} from "../init/initialise.js";
import { expectScheme } from "../init/schemes.js";
import { expectWhole, type Input, single } from "./call.js";

export interface LinearConfig {
  units: number;
  /** Unless said, there is one. */
  bias?: boolean;
  /** How the weight starts; unless said `torch` (both uniform within 1 / sqrt(inputs)). With any other, the bias starts at 0. */
  init?: InitialisationScheme;
  name: string;
}

/**
 * y = x W + b (`torch.nn.Linear`). Input `[batch, ..., features]`, output `[batch, ..., units]`; W is stored as `[features, units]`.
 *
 * @throws RangeError, with the layer's name, for an input of another number of features
 */
export class Linear extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultLinear";
  private readonly units: number;
  private readonly init: InitialisationScheme;
  private readonly useBias: boolean;
  private weight: TensorFlow.LayerVariable | undefined;
  private bias: TensorFlow.LayerVariable | undefined;

  constructor(config: LinearConfig) {
    super(config as never);
    this.units = config.units;
    this.useBias = config.bias ?? true;
    this.init = config.init ?? "torch";
    expectWhole(this.name, "units", this.units, 1);
    expectScheme(this.name, this.init);
  }

  override build(inputShape: TensorFlow.Shape): void {
    const features = inputShape.at(-1);
    if (inputShape.length < 2 || !features) {
      throw new RangeError(`${this.name}: input must be [batch, ..., features], got [${inputShape}]`);
    }
    const zeros = tf.initializers.zeros();
    this.weight = this.addWeight("weight", [features, this.units], "float32", zeros);
    if (this.useBias) this.bias = this.addWeight("bias", [this.units], "float32", zeros);
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    const weight = { weight: this.weight!, scheme: this.init };
    if (!this.bias) return [weight];
    return [weight, { weight: this.bias, scheme: this.init === "torch" ? torchBias(this.weight!.shape) : "zeros" }];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const weight = this.weight!.read() as TensorFlow.Tensor2D;
      const features = weight.shape[0];
      if (x.rank < 2 || x.shape.at(-1) !== features) {
        throw new RangeError(
          `${this.name}: input [${x.shape}] has ${x.shape.at(-1)} features, the layer was built for ${features}`,
        );
      }
      const rows = (x.rank === 2 ? x : tf.reshape(x, [-1, features])) as TensorFlow.Tensor2D;
      const product = tf.matMul(rows, weight);
      const y = this.bias ? tf.add(product, this.bias.read()) : product;
      return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), this.units]);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units, bias: this.useBias, init: this.init as never };
  }
}
tf.serialization.registerClass(Linear);
