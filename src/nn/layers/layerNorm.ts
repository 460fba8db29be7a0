import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { layerNorm } from "../ops/layerNorm.js";
import { type Input, single } from "./call.js";

export interface LayerNormConfig {
  /** Added to the variance, inside the root; unless said 1e-5, as in PyTorch (Keras has 1e-3). */
  epsilon?: number;
  name: string;
}

/**
 * Layer normalisation over the last axis (`torch.nn.LayerNorm`). Input and output `[batch, ..., features]`.
 *
 * @throws RangeError, with the layer's name, for an input of another number of features
 */
export class LayerNorm extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultLayerNorm";
  private readonly epsilon: number;
  private scale: TensorFlow.LayerVariable | undefined;
  private offset: TensorFlow.LayerVariable | undefined;

  constructor(config: LayerNormConfig) {
    super(config as never);
    this.epsilon = config.epsilon ?? 1e-5;
    if (!(this.epsilon > 0)) throw new RangeError(`${this.name}: epsilon must be positive, got ${this.epsilon}`);
  }

  override build(inputShape: TensorFlow.Shape): void {
    const features = inputShape.at(-1);
    if (inputShape.length < 2 || !features) {
      throw new RangeError(`${this.name}: input must be [batch, ..., features], got [${inputShape}]`);
    }
    this.scale = this.addWeight("scale", [features], "float32", tf.initializers.ones());
    this.offset = this.addWeight("offset", [features], "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [
      { weight: this.scale!, scheme: "ones" },
      { weight: this.offset!, scheme: "zeros" },
    ];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const scale = this.scale!.read() as TensorFlow.Tensor1D;
      if (x.shape.at(-1) !== scale.size) {
        throw new RangeError(
          `${this.name}: input [${x.shape}] has ${x.shape.at(-1)} features, the layer was built for ${scale.size}`,
        );
      }
      return layerNorm(x, scale, this.offset!.read() as TensorFlow.Tensor1D, this.epsilon);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(LayerNorm);
