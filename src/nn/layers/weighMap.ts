import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes } from "./call.js";

type Shape = readonly (number | null)[];

/** What has a weight of its own: each row, each frame, or neither, beside each channel. */
export type WeighAlong = "frequency" | "time" | "channels";

/** Axes of the weights, and the map's axes that they stand on. */
const along: Readonly<Record<WeighAlong, { axes: readonly string[]; on: readonly number[] }>> = {
  frequency: { axes: ["batch", "rows", "channels"], on: [0, 1, 3] },
  time: { axes: ["batch", "frames", "channels"], on: [0, 2, 3] },
  channels: { axes: ["batch", "channels"], on: [0, 3] },
};

export interface WeighMapConfig {
  along: WeighAlong;
  name: string;
}

/**
 * A map times weights along one of its axes, the same all over the other (papers.md 4.3).
 *
 * Inputs a map `[batch, rows, frames, channels]`, where rows are frequency and frames are time, and weights: along frequency
 * `[batch, rows, channels]`, along time `[batch, frames, channels]`, along channels `[batch, channels]`. Output as the map.
 *
 * @throws RangeError, with the layer's name, for another axis and weights that do not fit the map
 */
export class WeighMap extends tf.layers.Layer {
  static readonly className = "AuscultWeighMap";
  private readonly along: WeighAlong;

  constructor(config: WeighMapConfig) {
    super(config as never);
    this.along = config.along;
    if (Object.hasOwn(along, this.along)) return;
    const known = Object.keys(along).join(", ");
    throw new RangeError(`${this.name}: along must be ${known}, got ${JSON.stringify(this.along)}`);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape {
    const [map, weights] = inputShape as TensorFlow.Shape[];
    this.expectFit(map, weights);
    return [...map!];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => {
      const [map, weights] = inputs as [TensorFlow.Tensor4D, TensorFlow.Tensor];
      this.expectFit(map.shape, weights.shape);
      const { on } = along[this.along];
      return tf.mul(map, tf.reshape(weights, map.shape.map((side, axis) => (on.includes(axis) ? side : 1)))); // biome-ignore format: one line
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), along: this.along };
  }

  private expectFit(map: Shape | undefined, weights: Shape | undefined): void {
    if (!Array.isArray(map) || !Array.isArray(weights)) {
      throw new RangeError(`${this.name}: inputs must be a map and its weights`);
    }
    expectAxes(this.name, map, ["batch", "rows", "frames", "channels"]);
    const { axes, on } = along[this.along];
    const same = (side: number | null, axis: number) => side === null || map[axis] === null || side === map[axis];
    if (weights.length === on.length && weights.every((side, i) => same(side, on[i]!))) return;
    throw new RangeError(`${this.name}: weights along ${this.along} must be [${axes.join(", ")}] of a map [${map}], got [${weights}]`); // biome-ignore format: one line
  }
}
tf.serialization.registerClass(WeighMap);
