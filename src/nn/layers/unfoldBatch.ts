import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, expectWhole, type Input, single } from "./call.js";

export interface UnfoldBatchConfig {
  groups: number;
  name: string;
}

/**
 * Gives the groups of an item, which follow each other in the batch axis (`GroupFrames`), an axis of their own. Input
 * `[batch * groups, features]`, output `[batch, groups, features]`.
 *
 * @throws RangeError, with the layer's name, unless the rows are a multiple of the groups
 */
export class UnfoldBatch extends tf.layers.Layer {
  static readonly className = "AuscultUnfoldBatch";
  private readonly groups: number;

  constructor(config: UnfoldBatchConfig) {
    super(config as never);
    this.groups = config.groups;
    expectWhole(this.name, "groups", this.groups, 1);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch * groups", "features"]);
    const [rows, features] = inputShape;
    if (rows != null && rows % this.groups !== 0) {
      throw new RangeError(
        `${this.name}: input [${inputShape}] has ${rows} rows, not a multiple of ${this.groups} groups`,
      );
    }
    return [rows == null ? null : rows / this.groups, this.groups, features!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    const x = single(inputs);
    return tf.reshape(x, this.computeOutputShape(x.shape) as number[]);
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}
tf.serialization.registerClass(UnfoldBatch);
