import { type TensorFlow, tf } from "../../tensorflow.js";
import { maxPool2d, type PoolGeometry } from "../ops/pool2d.js";
import { Pool2d } from "./pool2d.js";

/** Maximum pooling with PyTorch's geometry (`torch.nn.MaxPool2d`); added cells never win. Input `[batch, height, width, channels]`. */
export class MaxPool2d extends Pool2d {
  static readonly className = "AuscultMaxPool2d";

  protected override pool(x: TensorFlow.Tensor4D, geometry: PoolGeometry): TensorFlow.Tensor4D {
    return maxPool2d(x, geometry);
  }
}
tf.serialization.registerClass(MaxPool2d);
