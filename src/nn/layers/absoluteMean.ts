import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, type Input, single } from "./call.js";

type Tensor = TensorFlow.Tensor;

/**
 * The mean of absolute values over all positions of a map: how loud each channel is (papers.md 4.3, g of the shrinkage). The gradient at 0 is
 * 0, as in PyTorch.
 *
 * Input `[batch, rows, frames, channels]`, output `[batch, channels]`.
 *
 * @throws RangeError, with the layer's name, for an input that is no map
 */
export class AbsoluteMean extends tf.layers.Layer {
  static readonly className = "AuscultAbsoluteMean";

  constructor(config: { name: string }) {
    super(config as never);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch", "rows", "frames", "channels"]);
    return [inputShape[0]!, inputShape[3]!];
  }

  override call(inputs: Input): Tensor {
    return tf.tidy(() => {
      const map = single<TensorFlow.Tensor4D>(inputs);
      this.computeOutputShape(map.shape);
      return absoluteMean(map);
    });
  }
}
tf.serialization.registerClass(AbsoluteMean);

/** tfjs's own gradient of the absolute value is -1 at 0, where maps behind a ReLU have many values. */
function absoluteMean(map: TensorFlow.Tensor4D): Tensor {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    save([x]);
    const [batch, rows, frames, channels] = x.shape as [number, number, number, number];
    return {
      value: tf.mean(tf.abs(x), [1, 2]),
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor => {
        const each = tf.div(tf.reshape(dy, [batch, 1, 1, channels]), rows * frames);
        return tf.mul(tf.sign(saved[0]!), each);
      },
    };
  });
  return operation(map);
}
