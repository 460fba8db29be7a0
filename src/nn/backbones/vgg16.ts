import { type TensorFlow, tf } from "../../tensorflow.js";
import { AdaptiveAvgPool2d } from "../layers/adaptivePool2d.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Conv2d } from "../layers/conv2d.js";
import { Dropout } from "../layers/dropout.js";
import { Linear } from "../layers/linear.js";
import { MaxPool2d } from "../layers/maxPool2d.js";
import { Relu } from "../layers/relu.js";
import type { InputShape } from "./resnet.js";

export interface Vgg16Options {
  /** Units of the classifier's two hidden layers; unless said 4096. */
  hidden?: number;
  /** After each of them; unless said 0.5. */
  dropout?: number;
}

/** Filters of the convolutions between pools: VGG's configuration D, 13 convolutions. */
const STAGES = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/** Windows on each side of what the classifier sees, whatever the input's sides. */
const WINDOWS = 7;

/** Name of the layer whose output is the last map, `[batch, rows / 32, frames / 32, 512]` rounded down: what Grad-CAM++ looks at. */
export const LAST_MAP = "features.43";

/** Name of the layer that gives the logits. */
export const CLASSIFIER = "classifier.6";

/**
 * VGG16 with batch normalisation (Simonyan and Zisserman 2015, with torchvision's layout, names and initialisation): 3x3 convolutions with
 * bias, each with norm and ReLU, five 2x2 maximum pools, an adaptive average pool to 7 x 7, and three linear layers with dropout between.
 *
 * Input `[batch, rows, frames, channels]`, output logits `[batch, outputs]`; 134,284,228 parameters for one channel and 4 outputs, 89 % of
 * them in the classifier, whose first layer takes its inputs in PyTorch's order.
 *
 * @throws RangeError, with a layer's name, for sides below 32
 */
export function vgg16(
  { rows, frames, channels }: InputShape,
  outputs: number,
  { hidden = 4096, dropout = 0.5 }: Vgg16Options = {},
): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [rows, frames, channels], name: "input" });
  let x = inputs;
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as TensorFlow.SymbolicTensor;
  };
  let place = 0;
  const feature = () => `features.${place++}`;
  for (const stage of STAGES) {
    for (const filters of stage) {
      then(
        new Conv2d({ filters, kernelSize: 3, padding: 1, bias: true, init: "kaiming-normal-fan-out", name: feature() }),
      );
      then(new BatchNorm2d({ name: feature() }));
      then(new Relu({ name: feature() }));
    }
    then(new MaxPool2d({ size: 2, name: feature() }));
  }
  then(new AdaptiveAvgPool2d({ output: WINDOWS, name: "avgpool" }));
  then(tf.layers.permute({ dims: [3, 1, 2], name: "channelsFirst" }));
  then(tf.layers.flatten({ name: "flatten" }));
  const linear = (units: number, at: number) => new Linear({ units, init: { normal: 0.01 }, name: `classifier.${at}` });
  for (const at of [0, 3]) {
    then(linear(hidden, at));
    then(new Relu({ name: `classifier.${at + 1}` }));
    then(new Dropout({ rate: dropout, name: `classifier.${at + 2}` }));
  }
  then(linear(outputs, 6));
  return tf.model({ inputs, outputs: x, name: "vgg16" });
}
