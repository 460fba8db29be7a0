import { type TensorFlow, tf } from "../../tensorflow.js";
import { Activation } from "./activation.js";

/** ln(1 + e^x), any shape (`torch.nn.Softplus`, whose straight line above 20 is the same number in float32). */
export class Softplus extends Activation {
  static readonly className = "AuscultSoftplus";
  protected override readonly activation = (x: TensorFlow.Tensor) => tf.softplus(x);
}
tf.serialization.registerClass(Softplus);
