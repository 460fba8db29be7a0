import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, type Input, single } from "./call.js";

export interface AxisMeanConfig {
  /** The axis that goes. */
  over: "time" | "frequency";
  name: string;
}

/**
 * The mean of a map over one of its axes, as a series along the other (papers.md 4.3, glance).
 *
 * Input `[batch, rows, frames, channels]`, where rows are frequency and frames are time; output `[batch, rows, channels]` over time,
 * `[batch, frames, channels]` over frequency.
 *
 * @throws RangeError, with the layer's name, for another axis and an input that is no map
 */
export class AxisMean extends tf.layers.Layer {
  static readonly className = "AuscultAxisMean";
  private readonly over: AxisMeanConfig["over"];

  constructor(config: AxisMeanConfig) {
    super(config as never);
    this.over = config.over;
    if (this.over !== "time" && this.over !== "frequency") {
      throw new RangeError(`${this.name}: over must be time or frequency, got ${JSON.stringify(this.over)}`);
    }
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch", "rows", "frames", "channels"]);
    const [batch, rows, frames, channels] = inputShape;
    return [batch!, this.over === "time" ? rows! : frames!, channels!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const map = single<TensorFlow.Tensor4D>(inputs);
      this.computeOutputShape(map.shape);
      return tf.mean(map, this.over === "time" ? 2 : 1);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), over: this.over };
  }
}
tf.serialization.registerClass(AxisMean);
