import { type TensorFlow, tf } from "../../tensorflow.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Conv2d } from "../layers/conv2d.js";
import { Linear } from "../layers/linear.js";
import { MaxPool2d } from "../layers/maxPool2d.js";
import { Relu } from "../layers/relu.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** Basic blocks in each of the four stages, of 64, 128, 256 and 512 channels. */
export type StageBlocks = readonly [number, number, number, number];

export interface InputShape {
  rows: number;
  frames: number;
  channels: number;
}

export interface ResNetOptions {
  /** `imagenet`: 7x7 at stride 2, then a 3x3 maximum pool at stride 2. `small`: 3x3 at stride 1 and no pool (papers.md 3.3). */
  stem?: "imagenet" | "small";
}

/** A ResNet of basic blocks and a linear classifier. Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`. */
export function resnet(
  name: string,
  blocks: StageBlocks,
  { rows, frames, channels }: InputShape,
  classes: number,
  options?: ResNetOptions,
): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [rows, frames, channels], name: "input" });
  const logits = apply(new Linear({ units: classes, name: "fc" }), resnetEncoder(inputs, blocks, options));
  return tf.model({ inputs, outputs: logits, name });
}

/**
 * The encoder of a ResNet of basic blocks (He et al. 2016, with torchvision's layout, names and initialisation), global average
 * pool included.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @returns `[batch, 512]`
 */
export function resnetEncoder(
  inputs: Symbolic,
  blocks: StageBlocks,
  { stem = "imagenet" }: ResNetOptions = {},
): Symbolic {
  const first = stem === "small" ? { kernelSize: 3, stride: 1, padding: 1 } : { kernelSize: 7, stride: 2, padding: 3 };
  let x = convNorm(inputs, "conv1", "bn1", { filters: 64, ...first });
  x = apply(new Relu({ name: "relu" }), x);
  if (stem === "imagenet") x = apply(new MaxPool2d({ size: 3, stride: 2, padding: 1, name: "maxpool" }), x);
  [64, 128, 256, 512].forEach((filters, stage) => {
    for (let block = 0; block < blocks[stage]!; block++) {
      x = basicBlock(x, `layer${stage + 1}.${block}`, filters, stage > 0 && block === 0 ? 2 : 1);
    }
  });
  return apply(tf.layers.globalAveragePooling2d({ name: "avgpool" }), x);
}

function apply(layer: TensorFlow.layers.Layer, x: Symbolic | Symbolic[]): Symbolic {
  return layer.apply(x) as Symbolic;
}

type ConvShape = { filters: number; kernelSize: number; stride: number; padding: number };

function convNorm(x: Symbolic, conv: string, norm: string, shape: ConvShape): Symbolic {
  const convolution = new Conv2d({ ...shape, init: "kaiming-normal-fan-out", name: conv });
  return apply(new BatchNorm2d({ name: norm }), apply(convolution, x));
}

function basicBlock(x: Symbolic, name: string, filters: number, stride: number): Symbolic {
  let y = convNorm(x, `${name}.conv1`, `${name}.bn1`, { filters, kernelSize: 3, stride, padding: 1 });
  y = apply(new Relu({ name: `${name}.relu1` }), y);
  y = convNorm(y, `${name}.conv2`, `${name}.bn2`, { filters, kernelSize: 3, stride: 1, padding: 1 });
  const sameShape = stride === 1 && x.shape[3] === filters;
  const shortcut = sameShape
    ? x
    : convNorm(x, `${name}.downsample.0`, `${name}.downsample.1`, { filters, kernelSize: 1, stride, padding: 0 });
  const sum = apply(tf.layers.add({ name: `${name}.add` }), [y, shortcut]);
  return apply(new Relu({ name: `${name}.relu2` }), sum);
}
