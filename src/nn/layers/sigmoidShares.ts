import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, expectWhole, type Input, single } from "./call.js";

export interface SigmoidSharesConfig {
  /** The output that wins where its score equals the largest of some others, which stand before it. */
  winner?: number;
  over?: readonly number[];
  name: string;
}

/** Of two equal logarithms the winner's becomes so much less negative. */
const NUDGE = 1e-6;

/**
 * From logits of labels to the logarithms of their sigmoid scores, so that softmax gives each label's share of the sum of scores and the
 * largest is that of the scores. A tie goes to `winner` where it is one with the largest of `over`, else to the first.
 *
 * Input and output `[batch, labels]`.
 *
 * @throws RangeError, with the layer's name, for a winner without those it wins over, or one that does not stand behind them
 */
export class SigmoidShares extends tf.layers.Layer {
  static readonly className = "AuscultSigmoidShares";
  private readonly winner: number | undefined;
  private readonly over: readonly number[];

  constructor(config: SigmoidSharesConfig) {
    super(config as never);
    this.winner = config.winner;
    this.over = config.over ?? [];
    if (this.winner === undefined && this.over.length === 0) return;
    expectWhole(this.name, "winner and over", [this.winner ?? -1, ...this.over], 0);
    if (this.over.length === 0 || this.over.some((one) => one >= this.winner!)) {
      throw new RangeError(`${this.name}: winner ${this.winner} must stand behind those that it wins over, got ${this.over.join(", ") || "none"}`); // biome-ignore format: one line
    }
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, ["batch", "labels"]);
    if (this.winner !== undefined && this.winner >= inputShape[1]!) {
      throw new RangeError(`${this.name}: ${inputShape[1]} labels have no label ${this.winner}`);
    }
    this.built = true;
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const scores = tf.logSigmoid(single<TensorFlow.Tensor2D>(inputs)); // [batch, labels], below 0
      if (this.winner === undefined) return scores;
      const columns = tf.split(scores, scores.shape[1]!, 1);
      const rivals = tf.max(tf.concat(this.over.map((one) => columns[one]!), 1), 1, true); // biome-ignore format: one line
      const own = columns[this.winner]!;
      columns[this.winner] = tf.where(tf.equal(own, rivals), tf.mul(own, 1 - NUDGE), own);
      return tf.concat(columns, 1);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    const base = super.getConfig();
    return this.winner === undefined ? base : { ...base, winner: this.winner, over: [...this.over] };
  }
}
tf.serialization.registerClass(SigmoidShares);
