import { type TensorFlow, tf } from "../../tensorflow.js";
import {
  type InitialisationScheme,
  type InitialisedWeight,
  type SelfInitialising,
  torchBias,
} from "../init/initialise.js";
import { expectScheme } from "../init/schemes.js";
import { conv2d } from "../ops/conv2d.js";
import type { Pair } from "../ops/padding.js";
import { expectAxes, expectFeatures, expectWhole, type Input, single } from "./call.js";
import { places } from "./window.js";

/** Options of a convolution, with PyTorch's meaning and, unless said, its defaults. */
export interface ConvolutionConfig<Size> {
  filters: number;
  kernelSize: Size;
  stride?: Size;
  /** Cells added on both sides of each axis. */
  padding?: Size;
  /** What the added cells hold: zeros, or the far end of the axis. */
  paddingMode?: "zeros" | "circular";
  /** Distance between the kernel's taps. */
  dilation?: Size;
  /** Parts of the channels that do not see each other; as many as input channels make it depthwise. */
  groups?: number;
  /** Off unless asked for (PyTorch: on): most convolutions here are followed by batch normalisation. */
  bias?: boolean;
  /** How the kernel starts; unless said `kaiming-normal-fan-out`. `torch` starts kernel and bias as PyTorch does. */
  init?: InitialisationScheme;
  name: string;
}

/** What Conv1d and Conv2d share. A one-dimensional convolution is a two-dimensional one on a picture of one row. */
export abstract class Convolution extends tf.layers.Layer implements SelfInitialising {
  /** The input's axes, in words. */
  protected abstract readonly axes: readonly string[];
  private readonly config: Required<Omit<ConvolutionConfig<number | readonly number[]>, "name">>;
  private readonly geometry: { stride: Pair; padding: Pair; dilation: Pair };
  private readonly size: Pair;
  private kernel: TensorFlow.LayerVariable | undefined;
  private bias: TensorFlow.LayerVariable | undefined;

  /** @param toPair an option's value for `[height, width]`; an axis that the layer does not have gets `none` */
  constructor(
    config: ConvolutionConfig<number | readonly number[]>,
    toPair: (value: number | readonly number[], none: number) => Pair,
  ) {
    super(config as never);
    const { filters, kernelSize, stride = 1, padding = 0, paddingMode = "zeros", dilation = 1, groups = 1 } = config;
    const { bias = false, init = "kaiming-normal-fan-out" } = config;
    this.config = { filters, kernelSize, stride, padding, paddingMode, dilation, groups, bias, init };
    this.size = toPair(kernelSize, 1);
    this.geometry = { stride: toPair(stride, 1), padding: toPair(padding, 0), dilation: toPair(dilation, 1) };
    expectWhole(this.name, "filters", filters, 1);
    expectWhole(this.name, "kernelSize", this.size, 1);
    expectWhole(this.name, "stride", this.geometry.stride, 1);
    expectWhole(this.name, "padding", this.geometry.padding, 0);
    expectWhole(this.name, "dilation", this.geometry.dilation, 1);
    expectWhole(this.name, "groups", groups, 1);
    expectScheme(this.name, init);
    if (paddingMode !== "zeros" && paddingMode !== "circular") {
      throw new RangeError(
        `${this.name}: paddingMode must be "zeros" or "circular", got ${JSON.stringify(paddingMode)}`,
      );
    }
  }

  override build(inputShape: TensorFlow.Shape): void {
    expectAxes(this.name, inputShape, this.axes);
    const channels = inputShape.at(-1)!;
    const { filters, bias, groups } = this.config;
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw new RangeError(
        `${this.name}: ${channels} channels and ${filters} filters cannot be divided into ${groups} groups`,
      );
    }
    const taps = this.axes.length === 3 ? [this.size[1]] : [...this.size];
    const zeros = tf.initializers.zeros();
    this.kernel = this.addWeight("kernel", [...taps, channels / groups, filters], "float32", zeros);
    if (bias) this.bias = this.addWeight("bias", [filters], "float32", zeros);
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    const scheme = this.config.init;
    const kernel = { weight: this.kernel!, scheme };
    if (!this.bias) return [kernel];
    return [kernel, { weight: this.bias, scheme: scheme === "torch" ? torchBias(this.kernel!.shape) : "zeros" }];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, this.axes);
    const first = this.axes.length === 3 ? 1 : 0;
    const spatial = inputShape.slice(1, -1).map((length, i) => {
      const axis = (i + first) as 0 | 1;
      const { stride, padding, dilation } = this.geometry;
      const window = { size: this.size[axis], stride: stride[axis], padding: padding[axis], dilation: dilation[axis] };
      if (this.config.paddingMode === "circular" && length !== null && window.padding > length) {
        throw new RangeError(
          `${this.name}: circular padding of ${window.padding} is wider than the axis of ${length} cells`,
        );
      }
      return places(this.name, length, window);
    });
    return [inputShape[0]!, ...spatial, this.config.filters];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return this.convolve(single(inputs), this.kernel!.read(), (y) => (this.bias ? tf.add(y, this.bias.read()) : y));
  }

  /** What the layer does, with another kernel of the same shape, and with `then` where its bias is added. */
  convolve(
    x: TensorFlow.Tensor,
    kernel: TensorFlow.Tensor,
    then: (y: TensorFlow.Tensor4D) => TensorFlow.Tensor4D,
  ): TensorFlow.Tensor {
    return tf.tidy(() => {
      const { groups, paddingMode } = this.config;
      expectFeatures(this.name, x.shape, this.axes, kernel.shape.at(-2)! * groups);
      const outputShape = this.computeOutputShape(x.shape) as number[];
      const y = then(conv2d(withRow(x, 1), withRow(kernel, 0), { ...this.geometry, groups, paddingMode }));
      return x.rank === 4 ? y : tf.reshape(y, outputShape);
    });
  }

  /** `bias` is undefined where the layer has none. */
  parameters(): { kernel: TensorFlow.Tensor; bias: TensorFlow.Tensor1D | undefined } {
    return { kernel: this.kernel!.read(), bias: this.bias?.read() as TensorFlow.Tensor1D | undefined };
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.config as object) };
  }
}

/** A tensor of rank 4 as it is, one of rank 3 with an axis of length 1 put in. */
function withRow(x: TensorFlow.Tensor, axis: number): TensorFlow.Tensor4D {
  return (x.rank === 4 ? x : tf.expandDims(x, axis)) as TensorFlow.Tensor4D;
}
