import { type TensorFlow, tf } from "../../tensorflow.js";
import { lstmSteps } from "./lstmSteps.js";
import { Recurrent } from "./recurrent.js";

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates) in PyTorch's form (`torch.nn.LSTM`), with both its biases.
 * Columns of the weights in PyTorch's order: input, forget, cell, output. Shapes as `Recurrent` has them.
 *
 * @throws RangeError, with the layer's name, for another number of features and for an unknown number of time steps
 */
export class Lstm extends Recurrent {
  static readonly className = "AuscultLstm";
  protected override readonly gates = 4;
  protected override readonly kind = "LSTM";

  protected override recur(
    projected: TensorFlow.Tensor4D,
    weight: TensorFlow.Tensor3D,
    bias: TensorFlow.Tensor3D,
  ): TensorFlow.Tensor4D {
    return lstmSteps(tf.add(projected, tf.expandDims(bias, 1)), weight);
  }
}
tf.serialization.registerClass(Lstm);
