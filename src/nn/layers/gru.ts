import { tf } from "../../tensorflow.js";
import { gruSteps } from "./gruSteps.js";
import { Recurrent } from "./recurrent.js";

/**
 * Gated recurrent units (Cho et al. 2014) in PyTorch's form (`torch.nn.GRU`), whose reset gate acts after the recurrent product: the form
 * that tfjs's own layer has not. Columns of the weights in PyTorch's order: reset, update, new. Shapes as `Recurrent` has them.
 *
 * @throws RangeError, with the layer's name, for another number of features and for an unknown number of time steps
 */
export class Gru extends Recurrent {
  static readonly className = "AuscultGru";
  protected override readonly gates = 3;
  protected override readonly kind = "GRU";
  protected override readonly recur = gruSteps;
}
tf.serialization.registerClass(Gru);
