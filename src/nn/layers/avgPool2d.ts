import { type TensorFlow, tf } from "../../tensorflow.js";
import { avgPool2d, type PoolGeometry } from "../ops/pool2d.js";
import { Pool2d, type Pool2dConfig } from "./pool2d.js";

export interface AvgPool2dConfig extends Pool2dConfig {
  /** Whether added cells count as zeros (PyTorch's `count_include_pad` and default: they do). */
  countPadding?: boolean;
}

/** Average pooling with PyTorch's geometry (`torch.nn.AvgPool2d`). Input `[batch, height, width, channels]`. */
export class AvgPool2d extends Pool2d {
  static readonly className = "AuscultAvgPool2d";
  private readonly countPadding: boolean;

  constructor(config: AvgPool2dConfig) {
    super(config);
    this.countPadding = config.countPadding ?? true;
  }

  protected override pool(x: TensorFlow.Tensor4D, geometry: PoolGeometry): TensorFlow.Tensor4D {
    return avgPool2d(x, geometry, this.countPadding);
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), countPadding: this.countPadding };
  }
}
tf.serialization.registerClass(AvgPool2d);
