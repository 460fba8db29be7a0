import { type TensorFlow, tf } from "../../tensorflow.js";
import { frequencyTimePool, type MeanOver, meanOvers } from "../ops/frequencyTimePool.js";
import { expectAxes, type Input, single } from "./call.js";

export type { MeanOver } from "../ops/frequencyTimePool.js";

export interface FrequencyTimePoolConfig {
  /** Unless said `time`. */
  meanOver?: MeanOver;
  name: string;
}

/** Throws a RangeError that names the layer unless it is one of the axes. */
export function expectMeanOver(layer: string, meanOver: MeanOver): void {
  if (meanOvers.includes(meanOver)) return;
  throw new RangeError(`${layer}: meanOver must be ${meanOvers.join(", ")}, got ${JSON.stringify(meanOver)}`);
}

/**
 * One vector of a map: the mean over time, then maximum plus mean over frequency, or the other way about (papers.md 2.3; Kong et al. 2020).
 *
 * Input `[batch, rows, frames, channels]`, where rows are frequency and frames are time; output `[batch, channels]`.
 *
 * @throws RangeError, with the layer's name, for an input that is no map
 */
export class FrequencyTimePool extends tf.layers.Layer {
  static readonly className = "AuscultFrequencyTimePool";
  private readonly meanOver: MeanOver;

  constructor(config: FrequencyTimePoolConfig) {
    super(config as never);
    this.meanOver = config.meanOver ?? "time";
    expectMeanOver(this.name, this.meanOver);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch", "rows", "frames", "channels"]);
    return [inputShape[0]!, inputShape[3]!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const map = single<TensorFlow.Tensor4D>(inputs);
      this.computeOutputShape(map.shape);
      return frequencyTimePool(map, this.meanOver);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), meanOver: this.meanOver };
  }
}
tf.serialization.registerClass(FrequencyTimePool);
