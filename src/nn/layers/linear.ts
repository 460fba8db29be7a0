import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";

/**
 * y = x W + b with PyTorch's default initialisation (`torch.nn.Linear`: both uniform within 1 / sqrt(inputs)).
 * Input `[batch, inputs]`, output `[batch, units]`; W is stored as `[inputs, units]`.
 */
export class Linear extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultLinear";
  private readonly units: number;
  private weight: TensorFlow.LayerVariable | undefined;
  private bias: TensorFlow.LayerVariable | undefined;

  constructor(config: { units: number; name: string }) {
    super(config as never);
    this.units = config.units;
  }

  override build(inputShape: TensorFlow.Shape): void {
    const inputs = inputShape[1];
    if (inputShape.length !== 2 || !inputs) {
      throw new RangeError(`${this.name}: input must be [batch, features], got [${inputShape}]`);
    }
    this.weight = this.addWeight("weight", [inputs, this.units], "float32", tf.initializers.zeros());
    this.bias = this.addWeight("bias", [this.units], "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    const fanIn = this.weight!.shape[0]!;
    return [
      { weight: this.weight!, scheme: { uniformWithin: 1 / Math.sqrt(fanIn) } },
      { weight: this.bias!, scheme: { uniformWithin: 1 / Math.sqrt(fanIn) } },
    ];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    return [inputShape[0]!, this.units];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as TensorFlow.Tensor2D;
      return tf.add(tf.matMul(x, this.weight!.read() as TensorFlow.Tensor2D), this.bias!.read());
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(Linear);
