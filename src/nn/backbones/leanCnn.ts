import { type TensorFlow, tf } from "../../tensorflow.js";
import { Conv2d } from "../layers/conv2d.js";
import { Linear } from "../layers/linear.js";
import { MaxPool2d } from "../layers/maxPool2d.js";
import { Relu } from "../layers/relu.js";
import type { InputShape } from "./resnet.js";

/** Sizes of the lean CNN; the defaults are the paper's, the others those its search tries (papers.md 3.6). */
export interface LeanCnnOptions {
  /** Filters of the two convolutions. */
  filters?: readonly [number, number];
  kernelSize?: number;
  /** Units of the two hidden linear layers. */
  hidden?: readonly [number, number];
}

/**
 * The small convolutional network of the SupCon paper (papers.md 3.3): two convolutions without padding, each with ReLU and a
 * 2x2 maximum pool, then three linear layers. Starts as PyTorch's layers do.
 *
 * Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`; 10,331,702 parameters for 2 classes at 64 x 187.
 * The features are flattened as `[height, width, channels]`: PyTorch's order of fc1's inputs is `[channels, height, width]`.
 */
export function leanCnn(
  { rows, frames, channels }: InputShape,
  classes: number,
  options: LeanCnnOptions = {},
): TensorFlow.LayersModel {
  const { filters = [2, 64], kernelSize = 3, hidden = [256, 32] } = options;
  const inputs = tf.input({ shape: [rows, frames, channels], name: "input" });
  let x = inputs;
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as TensorFlow.SymbolicTensor;
  };
  filters.forEach((count, i) => {
    then(new Conv2d({ filters: count, kernelSize, bias: true, init: "torch", name: `conv${i + 1}` }));
    then(new Relu({ name: `relu${i + 1}` }));
    then(new MaxPool2d({ size: 2, name: `pool${i + 1}` }));
  });
  then(tf.layers.flatten({ name: "flatten" }));
  hidden.forEach((units, i) => {
    then(new Linear({ units, name: `fc${i + 1}` }));
    then(new Relu({ name: `relu${i + 3}` }));
  });
  then(new Linear({ units: classes, name: "fc3" }));
  return tf.model({ inputs, outputs: x, name: "leanCnn" });
}
