import { tf } from "../../tensorflow.js";
import { BatchNorm } from "./batchNorm.js";

/** Batch normalisation of vectors or series (`torch.nn.BatchNorm1d`). Input and output `[batch, features]` or `[batch, time, channels]`. */
export class BatchNorm1d extends BatchNorm {
  static readonly className = "AuscultBatchNorm1d";
  protected override readonly axes = [
    ["batch", "features"],
    ["batch", "time", "channels"],
  ];
}
tf.serialization.registerClass(BatchNorm1d);
