import { tf } from "../../tensorflow.js";
import { BatchNorm } from "./batchNorm.js";

/** Batch normalisation of maps (`torch.nn.BatchNorm2d`, or Keras's by convention). Input and output `[batch, height, width, channels]`. */
export class BatchNorm2d extends BatchNorm {
  static readonly className = "AuscultBatchNorm2d";
  protected override readonly axes = [["batch", "height", "width", "channels"]];
}
tf.serialization.registerClass(BatchNorm2d);
