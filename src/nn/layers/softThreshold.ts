import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes } from "./call.js";

type Tensor = TensorFlow.Tensor;
type Shape = readonly (number | null)[];

/**
 * Soft thresholding: sign(x) max(|x| - t, 0), a threshold for each channel; the sign is kept (papers.md, decision 51; Zhao et al. 2020).
 *
 * Inputs a map `[batch, rows, frames, channels]` and thresholds `[batch, channels]`, none below 0; output as the map. No gradient flows where the
 * output is 0.
 *
 * @throws RangeError, with the layer's name, for thresholds that do not fit the map
 */
export class SoftThreshold extends tf.layers.Layer {
  static readonly className = "AuscultSoftThreshold";

  constructor(config: { name: string }) {
    super(config as never);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape {
    const [map, thresholds] = inputShape as TensorFlow.Shape[];
    this.expectFit(map, thresholds);
    return [...map!];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => {
      const [map, thresholds] = inputs as [TensorFlow.Tensor4D, TensorFlow.Tensor2D];
      this.expectFit(map.shape, thresholds.shape);
      return softThreshold(map, tf.reshape(thresholds, [map.shape[0], 1, 1, map.shape[3]]));
    });
  }

  private expectFit(map: Shape | undefined, thresholds: Shape | undefined): void {
    if (!Array.isArray(map) || !Array.isArray(thresholds)) {
      throw new RangeError(`${this.name}: inputs must be a map and its thresholds`);
    }
    expectAxes(this.name, map, ["batch", "rows", "frames", "channels"]);
    const same = (side: number | null, other: number | null) => side === null || other === null || side === other;
    if (thresholds.length === 2 && same(thresholds[0], map[0]) && same(thresholds[1], map[3])) return;
    throw new RangeError(`${this.name}: thresholds must be [batch, channels] of a map [${map}], got [${thresholds}]`);
  }
}
tf.serialization.registerClass(SoftThreshold);

/**
 * As x less what of it lies within the threshold, in three passes over memory. The gradient needs the sign of the output alone; tfjs's own of
 * minimum and maximum does not sum over what it spreads.
 *
 * @param thresholds `[batch, 1, 1, channels]`
 */
function softThreshold(map: TensorFlow.Tensor4D, thresholds: TensorFlow.Tensor4D): Tensor {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [x, most, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const y = tf.sub(x, tf.maximum(tf.minimum(x, most), tf.neg(most)));
    save([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor[] => {
        const sign = tf.sign(saved[0]!);
        const along = tf.mul(dy, sign);
        return [tf.mul(along, sign), tf.neg(tf.sum(along, [1, 2], true))];
      },
    };
  });
  return operation(map, thresholds);
}
