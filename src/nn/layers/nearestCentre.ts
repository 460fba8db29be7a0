import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { expectAxes, expectFeatures, expectWhole, type Input, single } from "./call.js";

export interface NearestCentreConfig {
  clusters: number;
  name: string;
}

const axes = ["batch", "rows", "features"];

/**
 * Which of a layer's centres is nearest to each row, by squared distance, the first of equals; the choice of the largest assignment of
 * deep clustering (Xie et al. 2016), which falls with the distance. Centres start as standard normal numbers.
 *
 * Input `[batch, rows, features]`, output `[batch, rows, clusters]`, one 1 in each row. No gradient flows through the choice: centres
 * learn by losses that read them (`centres`).
 *
 * @throws RangeError, with the layer's name, for an input of another number of features
 */
export class NearestCentre extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultNearestCentre";
  private readonly clusters: number;
  private weight: TensorFlow.LayerVariable | undefined;

  constructor(config: NearestCentreConfig) {
    super(config as never);
    this.clusters = config.clusters;
    expectWhole(this.name, "clusters", this.clusters, 1);
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, axes);
    const shape = [this.clusters, inputShape.at(-1)!];
    this.weight = this.addWeight("centres", shape, "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [{ weight: this.weight!, scheme: { normal: 1 } }];
  }

  /** `[clusters, features]`. */
  centres(): TensorFlow.Tensor2D {
    return this.weight!.read() as TensorFlow.Tensor2D;
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    return [...inputShape.slice(0, -1), this.clusters];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single<TensorFlow.Tensor3D>(inputs);
      expectFeatures(this.name, x.shape, axes, this.centres().shape[1]);
      return nearest(x, this.centres());
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), clusters: this.clusters };
  }
}
tf.serialization.registerClass(NearestCentre);

function nearest(x: TensorFlow.Tensor3D, centres: TensorFlow.Tensor2D): TensorFlow.Tensor {
  const [clusters, features] = centres.shape;
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [TensorFlow.Tensor3D, (tensors: TensorFlow.Tensor[]) => void];
    save([value]);
    // |x - m|^2 is |x|^2, which is the same for all, plus |m|^2 - 2 x m.
    const products = tf.matMul(tf.reshape(value, [-1, features]), centres, false, true); // [batch * rows, clusters]
    const distances = tf.sub(tf.sum(tf.square(centres), 1), tf.mul(products, 2));
    const choice = tf.oneHot(tf.argMin(distances, 1) as TensorFlow.Tensor1D, clusters);
    return {
      value: tf.reshape(tf.cast(choice, "float32"), [...value.shape.slice(0, -1), clusters]) as TensorFlow.Tensor,
      gradFunc: (_: TensorFlow.Tensor, saved: TensorFlow.Tensor[]): TensorFlow.Tensor => tf.zerosLike(saved[0]!),
    };
  });
  return operation(x);
}
