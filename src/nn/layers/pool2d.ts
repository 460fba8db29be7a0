import { type TensorFlow, tf } from "../../tensorflow.js";
import { type Pair, pair } from "../ops/padding.js";
import type { PoolGeometry } from "../ops/pool2d.js";
import { expectAxes, expectWhole, type Input, single } from "./call.js";
import { places } from "./window.js";

/** One number for both axes, or `[height, width]`. */
export interface Pool2dConfig {
  size: number | Pair;
  /** Unless said, the size: windows side by side. */
  stride?: number | Pair;
  /** Cells added on both sides of each axis, at most half the size. */
  padding?: number | Pair;
  name: string;
}

const axes = ["batch", "height", "width", "channels"];

/** What MaxPool2d and AvgPool2d share: PyTorch's geometry, windows that do not fit left out (its `ceil_mode=False`). */
export abstract class Pool2d extends tf.layers.Layer {
  private readonly config: Omit<Pool2dConfig, "name">;
  private readonly geometry: PoolGeometry;

  constructor(config: Pool2dConfig) {
    super(config as never);
    const { size, stride = size, padding = 0 } = config;
    this.config = { size, stride, padding };
    this.geometry = { size: pair(size), stride: pair(stride), padding: pair(padding) };
    expectWhole(this.name, "size", this.geometry.size, 1);
    expectWhole(this.name, "stride", this.geometry.stride, 1);
    expectWhole(this.name, "padding", this.geometry.padding, 0);
    if (this.geometry.padding.some((width, axis) => 2 * width > this.geometry.size[axis]!)) {
      throw new RangeError(`${this.name}: padding must be at most half the size, got ${padding} and ${size}`);
    }
  }

  protected abstract pool(x: TensorFlow.Tensor4D, geometry: PoolGeometry): TensorFlow.Tensor4D;

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, axes);
    const { size, stride, padding } = this.geometry;
    const along = (axis: 0 | 1) => {
      const window = { size: size[axis], stride: stride[axis], padding: padding[axis], dilation: 1 };
      return places(this.name, inputShape[axis + 1]!, window);
    };
    return [inputShape[0]!, along(0), along(1), inputShape[3]!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x: TensorFlow.Tensor4D = single(inputs);
      this.computeOutputShape(x.shape);
      return this.pool(x, this.geometry);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.config as object) };
  }
}
