import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { batchNormTraining } from "../ops/batchNorm.js";

/** PyTorch's defaults; Keras has 1e-3 and (counted the other way) 0.01. */
const EPSILON = 1e-5;
const MOMENTUM = 0.1;

/**
 * Batch normalisation with PyTorch's meaning (`torch.nn.BatchNorm2d`): epsilon 1e-5, running averages move by 0.1 towards
 * the batch's mean and unbiased variance. Input and output `[batch, height, width, channels]`.
 */
export class BatchNorm2d extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultBatchNorm2d";
  private scale: TensorFlow.LayerVariable | undefined;
  private offset: TensorFlow.LayerVariable | undefined;
  private runningMean: TensorFlow.LayerVariable | undefined;
  private runningVariance: TensorFlow.LayerVariable | undefined;

  constructor(config: { name: string }) {
    super(config as never);
  }

  override build(inputShape: TensorFlow.Shape): void {
    const channels = inputShape[3];
    if (inputShape.length !== 4 || !channels) {
      throw new RangeError(`${this.name}: input must be [batch, height, width, channels], got [${inputShape}]`);
    }
    const { zeros, ones } = tf.initializers;
    this.scale = this.addWeight("scale", [channels], "float32", ones());
    this.offset = this.addWeight("offset", [channels], "float32", zeros());
    this.runningMean = this.addWeight("runningMean", [channels], "float32", zeros(), undefined, false);
    this.runningVariance = this.addWeight("runningVariance", [channels], "float32", ones(), undefined, false);
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [
      { weight: this.scale!, scheme: "ones" },
      { weight: this.offset!, scheme: "zeros" },
      { weight: this.runningMean!, scheme: "zeros" },
      { weight: this.runningVariance!, scheme: "ones" },
    ];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[], kwargs: { training?: boolean }): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as TensorFlow.Tensor4D;
      const scale = this.scale!.read() as TensorFlow.Tensor1D;
      const offset = this.offset!.read() as TensorFlow.Tensor1D;
      if (!kwargs.training) {
        const mean = this.runningMean!.read() as TensorFlow.Tensor1D;
        const variance = this.runningVariance!.read() as TensorFlow.Tensor1D;
        return tf.batchNorm4d(x, mean, variance, offset, scale, EPSILON);
      }
      return batchNormTraining(x, scale, offset, EPSILON, (mean, variance) => {
        moveTowards(this.runningMean!, mean);
        moveTowards(this.runningVariance!, variance);
      });
    });
  }
}
tf.serialization.registerClass(BatchNorm2d);

function moveTowards(average: TensorFlow.LayerVariable, value: TensorFlow.Tensor): void {
  average.write(tf.add(tf.mul(average.read(), 1 - MOMENTUM), tf.mul(value, MOMENTUM)));
}
