import { tf } from "../../tensorflow.js";
import { gelu } from "../ops/gelu.js";
import { Activation } from "./activation.js";

/** x times the normal distribution function of x, exactly, not by tanh (`torch.nn.GELU`); any shape. */
export class Gelu extends Activation {
  static readonly className = "AuscultGelu";
  protected override readonly activation = gelu;
}
tf.serialization.registerClass(Gelu);
