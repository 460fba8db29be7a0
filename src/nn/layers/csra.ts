import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { frequencyTimePool, type MeanOver } from "../ops/frequencyTimePool.js";
import { l2Normalise } from "../ops/l2Normalise.js";
import { maximumShare } from "../ops/maximumShare.js";
import { expectAxes, expectFeatures, expectWhole, type Input, single } from "./call.js";
import { expectMeanOver } from "./frequencyTimePool.js";

/** What scores are multiplied by before the softmax: the larger, the sharper. `max` is its limit, all attention at the largest score. */
export type Temperature = number | "max";

/** Multi-breath's, by the number of heads (papers.md 2.3; the original code of CSRA has 1, 2, 4 and `max` for four). */
const KNOWN_TEMPERATURES: ReadonlyMap<number, readonly Temperature[]> = new Map([
  [1, [1]],
  [2, [1, "max"]],
  [4, [1, 2, 3, "max"]],
  [6, [1, 2, 3, 4, 5, "max"]],
]);

const HEADS = 6;

export interface CsraConfig {
  classes: number;
  /** Unless said as many as there are temperatures, or 6. */
  heads?: number;
  /** One for each head; unless said the paper's for 1, 2, 4 or 6 heads. */
  temperatures?: readonly Temperature[];
  /** Weight of what is attended to beside the global feature; unless said 0.1 (decision 29). */
  lambda?: number;
  /** Whether scores are divided by the length of their classifier vector; unless said they are (decision 28). */
  normalised?: boolean;
  /** Of the global feature, as in `FrequencyTimePool`; unless said `time`. */
  meanOver?: MeanOver;
  name: string;
}

type Options = Required<Omit<CsraConfig, "name">>;

const axes = ["batch", "rows", "frames", "channels"];

/**
 * Class-specific residual attention (Zhu and Wu 2021, corrected as papers.md 2.3 has it). Each head has a classifier vector C for each class,
 * which scores every position x of a map, s = x . C / |C|, and the map's global feature g. A head's logit is g . C / |C| + lambda sum_j a_j s_j,
 * where a is the softmax of T s over the positions; heads are summed.
 *
 * Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`. The vectors are stored as `[channels, heads * classes]`, those of a
 * head side by side, and start as a 1x1 convolution of PyTorch's does.
 *
 * @throws RangeError, with the layer's name, for options that cannot be meant and an input of another number of channels
 */
export class Csra extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultCsra";
  private readonly options: Options;
  private weight: TensorFlow.LayerVariable | undefined;

  constructor(config: CsraConfig) {
    super(config as never);
    const { classes, lambda = 0.1, normalised = true, meanOver = "time" } = config;
    const heads = config.heads ?? config.temperatures?.length ?? HEADS;
    expectWhole(this.name, "classes", classes, 1);
    expectWhole(this.name, "heads", heads, 1);
    if (!Number.isFinite(lambda)) throw new RangeError(`${this.name}: lambda must be a number, got ${lambda}`);
    expectMeanOver(this.name, meanOver);
    const temperatures = config.temperatures ?? knownTemperatures(this.name, heads);
    expectTemperatures(this.name, temperatures, heads);
    this.options = { classes, heads, temperatures: [...temperatures], lambda, normalised, meanOver };
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, axes);
    const shape = [inputShape.at(-1)!, this.options.heads * this.options.classes];
    this.weight = this.addWeight("weight", shape, "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [{ weight: this.weight!, scheme: "torch" }];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    return [inputShape[0]!, this.options.classes];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const { heads, classes, lambda, meanOver } = this.options;
      const map = single<TensorFlow.Tensor4D>(inputs);
      const vectors = this.vectors(map.shape);
      const scores = this.scores(map, vectors);
      const attended = tf.sum(tf.mul(this.attend(scores), scores), -1); // [batch, heads, classes]
      const global = tf.matMul(frequencyTimePool(map, meanOver), vectors, false, true);
      return tf.sum(tf.add(tf.reshape(global, [-1, heads, classes]), tf.mul(attended, lambda)), 1);
    });
  }

  /**
   * How each head attends to the positions of a map, for each class; the sum over the positions is 1. At `max` equal largest scores share it.
   *
   * @param map `[batch, rows, frames, channels]`
   * @returns `[batch, heads, classes, rows, frames]`
   */
  attention(map: TensorFlow.Tensor4D): TensorFlow.Tensor5D {
    return tf.tidy(() => {
      const { heads, classes } = this.options;
      const [batch, rows, frames] = map.shape;
      const attention = this.attend(this.scores(map, this.vectors(map.shape)));
      return tf.reshape(attention, [batch, heads, classes, rows, frames]) as TensorFlow.Tensor5D;
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.options as object) };
  }

  /** `[heads * classes, channels]`, of unit length where they are normalised. */
  private vectors(shape: readonly (number | null)[]): TensorFlow.Tensor2D {
    const weight = this.weight!.read() as TensorFlow.Tensor2D;
    expectFeatures(this.name, shape, axes, weight.shape[0]);
    const vectors = tf.transpose(weight);
    return this.options.normalised ? l2Normalise(vectors) : vectors;
  }

  /** `[batch, heads, classes, positions]` */
  private scores(map: TensorFlow.Tensor4D, vectors: TensorFlow.Tensor2D): TensorFlow.Tensor4D {
    const { heads, classes } = this.options;
    const [batch, rows, frames, channels] = map.shape;
    const positions = rows * frames;
    const scores = tf.matMul(tf.reshape(map, [-1, channels]) as TensorFlow.Tensor2D, vectors, false, true);
    const byVector = tf.transpose(tf.reshape(scores, [batch, positions, heads * classes]), [0, 2, 1]);
    return tf.reshape(byVector, [batch, heads, classes, positions]);
  }

  /** The shares of the positions, `[batch, heads, classes, positions]`. */
  private attend(scores: TensorFlow.Tensor4D): TensorFlow.Tensor {
    const { heads, temperatures } = this.options;
    const byHead = (value: (temperature: Temperature) => number) => tf.tensor3d(temperatures.map(value), [heads, 1, 1]);
    const soft = tf.softmax(
      tf.mul(
        scores,
        byHead((temperature) => (temperature === "max" ? 1 : temperature)),
      ),
    );
    if (!temperatures.includes("max")) return soft;
    const peaks = tf.mul(
      maximumShare(scores, -1),
      byHead((temperature) => (temperature === "max" ? 1 : 0)),
    );
    return tf.add(
      peaks,
      tf.mul(
        soft,
        byHead((temperature) => (temperature === "max" ? 0 : 1)),
      ),
    );
  }
}
tf.serialization.registerClass(Csra);

function knownTemperatures(layer: string, heads: number): readonly Temperature[] {
  const known = KNOWN_TEMPERATURES.get(heads);
  if (known) return known;
  const counts = [...KNOWN_TEMPERATURES.keys()].join(", ");
  throw new RangeError(
    `${layer}: temperatures are known for ${counts} heads, not for ${heads}; give one for each head, a number or "max"`,
  );
}

function expectTemperatures(layer: string, temperatures: readonly Temperature[], heads: number): void {
  const good = (one: unknown) => one === "max" || (typeof one === "number" && one > 0 && Number.isFinite(one));
  if (temperatures.length === heads && temperatures.every(good)) return;
  throw new RangeError(
    `${layer}: temperatures must be one for each of ${heads} heads, above 0 or "max", got ${temperatures.join(", ")}`,
  );
}
