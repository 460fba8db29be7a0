import { type TensorFlow, tf } from "../../tensorflow.js";
import { Activation } from "./activation.js";

/** 1 / (1 + e^-x), any shape (`torch.nn.Sigmoid`). */
export class Sigmoid extends Activation {
  static readonly className = "AuscultSigmoid";
  protected override readonly activation = (x: TensorFlow.Tensor) => tf.sigmoid(x);
}
tf.serialization.registerClass(Sigmoid);
