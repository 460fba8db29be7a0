import { tf } from "../../tensorflow.js";
import { relu6 } from "../ops/relu.js";
import { Activation } from "./activation.js";

/** min(max(x, 0), 6), any shape (`torch.nn.ReLU6`). */
export class Relu6 extends Activation {
  static readonly className = "AuscultRelu6";
  protected override readonly activation = relu6;
}
tf.serialization.registerClass(Relu6);
