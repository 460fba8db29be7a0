import type { Rng } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { isFrozen } from "../frozen.js";
import { statelessUniform } from "../ops/statelessUniform.js";
import { type CallOptions, type Input, single } from "./call.js";

/** Below 2^30, so that sums of a seed's word and a layer's own number are int32. */
const WORD_BITS = 30;

/** A step's seed for all its dropout layers, `[2]`, int32: `dropoutSeed(streams.stream("dropout", epoch, step))`. */
export function dropoutSeed(rng: Rng): TensorFlow.Tensor1D {
  const word = () => rng.uint32() >>> (32 - WORD_BITS);
  return tf.tensor1d([word(), word()], "int32");
}

/**
 * Sets a share `rate` of the values to 0 and divides the rest by 1 - rate (`torch.nn.Dropout`; Srivastava et al. 2014). Any shape.
 *
 * The mask is a function of `dropoutSeed` and the layer's name: pass the seed with every training step,
 * `model.apply(x, { training: true, dropoutSeed })`. In evaluation mode and when frozen the layer does nothing. A layer that is
 * called twice with one seed draws one mask twice.
 *
 * @throws Error, with the layer's name, where the seed is missing
 */
export class Dropout extends tf.layers.Layer {
  static readonly className = "AuscultDropout";
  private readonly rate: number;

  constructor(config: { rate: number; name: string }) {
    super(config as never);
    this.rate = config.rate;
    if (!(this.rate >= 0 && this.rate < 1)) {
      throw new RangeError(`${this.name}: rate must be at least 0 and below 1, got ${this.rate}`);
    }
  }

  override call(inputs: Input, { training, dropoutSeed: seed }: CallOptions): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      if (!training || this.rate === 0 || isFrozen(this)) return tf.clone(x);
      if (!seed) {
        throw new Error(
          `${this.name}: dropout needs a seed in training: model.apply(x, { training: true, dropoutSeed })`,
        );
      }
      const own = tf.tensor1d([0, hashName(this.name)], "int32");
      const kept = tf.greaterEqual(statelessUniform(x.shape, tf.add(seed, own)), this.rate);
      return tf.mul(x, tf.mul(tf.cast(kept, "float32"), 1 / (1 - this.rate)));
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(Dropout);

/** FNV-1a of the name's code units, folded to the bits of a seed's word. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> (32 - WORD_BITS);
}
