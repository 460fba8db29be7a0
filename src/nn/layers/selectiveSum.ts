import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes } from "./call.js";

type Shape = readonly (number | null)[];

/**
 * A weighted sum of maps, whose weights are a softmax over the maps, for each channel apart (papers.md, decision 53; the selection of Li et al.
 * 2019, selective kernel networks).
 *
 * Inputs two or more maps `[batch, rows, frames, channels]`, then scores `[batch, maps * channels]`, those of a map side by side; output as a
 * map.
 *
 * @throws RangeError, with the layer's name, for fewer maps, maps that differ, and another number of scores
 */
export class SelectiveSum extends tf.layers.Layer {
  static readonly className = "AuscultSelectiveSum";

  constructor(config: { name: string }) {
    super(config as never);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): TensorFlow.Shape {
    this.expectFit(inputShape as TensorFlow.Shape[]);
    return [...(inputShape as TensorFlow.Shape[])[0]!];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => {
      const given = [inputs].flat();
      this.expectFit(given.map(({ shape }) => shape));
      const maps = given.slice(0, -1) as TensorFlow.Tensor4D[];
      const [batch, , , channels] = maps[0]!.shape;
      const scores = tf.reshape(given.at(-1)!, [batch, maps.length, channels]);
      const shares = tf.softmax(tf.transpose(scores, [0, 2, 1])); // [batch, channels, maps]
      const weighed = tf.split(shares, maps.length, 2).map((share, i) => tf.mul(maps[i]!, tf.reshape(share, [batch, 1, 1, channels]))); // biome-ignore format: one line
      return weighed.reduce((sum, one) => tf.add(sum, one));
    });
  }

  private expectFit(shapes: readonly Shape[]): void {
    const maps = shapes.slice(0, -1);
    if (!Array.isArray(shapes[0]) || maps.length < 2) {
      throw new RangeError(`${this.name}: inputs must be two maps or more, then their scores`);
    }
    for (const map of maps) {
      expectAxes(this.name, map, ["batch", "rows", "frames", "channels"]);
      if (map.join() === maps[0]!.join()) continue;
      throw new RangeError(`${this.name}: maps must be of one shape, got [${maps[0]}] and [${map}]`);
    }
    const [scores, wanted] = [shapes.at(-1)!, maps.length * maps[0]!.at(-1)!];
    if (scores.length === 2 && scores[1] === wanted) return;
    throw new RangeError(
      `${this.name}: scores must be [batch, ${wanted}] for ${maps.length} maps [${maps[0]}], got [${scores}]`,
    );
  }
}
tf.serialization.registerClass(SelectiveSum);
