import { tf } from "../../tensorflow.js";
import { relu } from "../ops/relu.js";
import { Activation } from "./activation.js";

/** max(x, 0), any shape, on TensorFlow's own gradient kernel (`torch.nn.ReLU`). */
export class Relu extends Activation {
  static readonly className = "AuscultRelu";
  protected override readonly activation = relu;
}
tf.serialization.registerClass(Relu);
