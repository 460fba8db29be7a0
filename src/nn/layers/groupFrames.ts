import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, expectWhole, type Input, single } from "./call.js";

export interface GroupFramesConfig {
  framesPerGroup: number;
  /** Frames from the start of one group to the next; below `framesPerGroup` they overlap. Unless said, they do not. */
  stride?: number;
  name: string;
}

const axes = ["batch", "rows", "frames", "channels"];

/**
 * Cuts maps into groups of frames, from frame 0; a last part that is shorter is left out (`torch.Tensor.unfold`). The groups of an item
 * follow each other in the batch axis. Where groups overlap, a frame's gradient is the sum of its groups'.
 *
 * Input `[batch, rows, frames, channels]`, output `[batch * groups, rows, framesPerGroup, channels]`, with
 * (frames - framesPerGroup) / stride + 1 groups, rounded down.
 *
 * @throws RangeError, with the layer's name, for options that are not whole numbers and for maps shorter than a group
 */
export class GroupFrames extends tf.layers.Layer {
  static readonly className = "AuscultGroupFrames";
  private readonly framesPerGroup: number;
  private readonly stride: number;

  constructor(config: GroupFramesConfig) {
    super(config as never);
    this.framesPerGroup = config.framesPerGroup;
    this.stride = config.stride ?? config.framesPerGroup;
    expectWhole(this.name, "framesPerGroup", this.framesPerGroup, 1);
    expectWhole(this.name, "stride", this.stride, 1);
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    const [batch, rows, , channels] = inputShape;
    const groups = this.groupsOf(inputShape);
    return [batch == null ? null : batch * groups, rows!, this.framesPerGroup, channels!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single<TensorFlow.Tensor4D>(inputs);
      const [, rows, , channels] = x.shape;
      const { framesPerGroup, stride } = this;
      const groups = this.groupsOf(x.shape);
      const frames = Array.from(
        { length: groups * framesPerGroup },
        (_, i) => Math.floor(i / framesPerGroup) * stride + (i % framesPerGroup),
      );
      const chosen = tf.gather(x, tf.tensor1d(frames, "int32"), 2); // [batch, rows, groups * width, channels]
      const apart = tf.reshape(chosen, [-1, rows, groups, framesPerGroup * channels]);
      return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [-1, rows, framesPerGroup, channels]);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), framesPerGroup: this.framesPerGroup, stride: this.stride };
  }

  private groupsOf(shape: readonly (number | null)[]): number {
    expectAxes(this.name, shape, axes);
    const frames = shape[2];
    if (frames == null) throw new RangeError(`${this.name}: the number of frames must be fixed, got [${shape}]`);
    if (frames < this.framesPerGroup) {
      throw new RangeError(
        `${this.name}: groups of ${this.framesPerGroup} frames do not fit into input [${shape}] with ${frames} frames`,
      );
    }
    return Math.floor((frames - this.framesPerGroup) / this.stride) + 1;
  }
}
tf.serialization.registerClass(GroupFrames);
