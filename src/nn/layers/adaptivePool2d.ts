import { type TensorFlow, tf } from "../../tensorflow.js";
import { adaptivePool2d } from "../ops/adaptivePool2d.js";
import { type Pair, pair } from "../ops/padding.js";
import { expectAxes, expectWhole, type Input, single } from "./call.js";

const axes = ["batch", "height", "width", "channels"];

export interface AdaptivePool2dConfig {
  /** Windows on each axis. */
  output: number | Pair;
  name: string;
}

abstract class AdaptivePool2d extends tf.layers.Layer {
  private readonly windows: Pair;
  protected abstract readonly kind: "max" | "avg";

  constructor(config: AdaptivePool2dConfig) {
    super(config as never);
    this.windows = pair(config.output);
    expectWhole(this.name, "output", this.windows, 1);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, axes);
    return [inputShape[0]!, ...this.windows, inputShape[3]!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x: TensorFlow.Tensor4D = single(inputs);
      expectAxes(this.name, x.shape, axes);
      return adaptivePool2d(x, this.windows, this.kind);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), output: [...this.windows] };
  }
}

/** Mean of each of a given number of windows, whatever the input's size (`torch.nn.AdaptiveAvgPool2d`). `[batch, height, width, channels]`. */
export class AdaptiveAvgPool2d extends AdaptivePool2d {
  static readonly className = "AuscultAdaptiveAvgPool2d";
  protected override readonly kind = "avg";
}
tf.serialization.registerClass(AdaptiveAvgPool2d);

/** Maximum of each of a given number of windows (`torch.nn.AdaptiveMaxPool2d`). `[batch, height, width, channels]`. */
export class AdaptiveMaxPool2d extends AdaptivePool2d {
  static readonly className = "AuscultAdaptiveMaxPool2d";
  protected override readonly kind = "max";
}
tf.serialization.registerClass(AdaptiveMaxPool2d);
