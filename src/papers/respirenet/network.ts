import { resnetEncoder } from "../../nn/backbones/resnet.js";
import { resnet34Blocks } from "../../nn/backbones/resnet34.js";
import { Dropout } from "../../nn/layers/dropout.js";
import { Linear } from "../../nn/layers/linear.js";
import { Relu } from "../../nn/layers/relu.js";
import type { Receiver } from "../../nn/weights/initialWeights.js";
import { weightShapes } from "../../nn/weights/modelWeights.js";
import { torchvisionResnet } from "../../nn/weights/torchLayout.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

export interface RespirenetNetworkOptions {
  /** Logits: 4, or 2. */
  classes: number;
  /** Rows, frames and channels of a picture: [192, 657, 3] for 7 s. */
  inputShape: readonly [rows: number, frames: number, channels: number];
}

/** Name of the layer whose output is the last residual stage's, `[batch, rows / 32, frames / 32, 512]` rounded up: what Grad-CAM++ looks at. */
export const LAST_STAGE = "layer4.2.relu2";

/** Name of the layer that gives the logits; the other layers of the head have names that begin with it. */
export const CLASSIFIER = "fc";

const HIDDEN = 128;
const DROPOUT = 0.5;

/**
 * RespireNet's network: torchvision's ResNet-34 (21,284,672 parameters with three input channels), then twice dropout, a linear layer of
 * 128 units and ReLU, then the class layer; 21,367,364 parameters with 4 classes. Logits `[batch, classes]` of inputs
 * `[batch, rows, frames, channels]`. The overview's dropout after the second layer is in no code and is not here.
 *
 * @see papers.md 5.3
 */
export function respirenetNetwork({ classes, inputShape }: RespirenetNetworkOptions): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...inputShape], name: "input" });
  let x = resnetEncoder(inputs, resnet34Blocks);
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as TensorFlow.SymbolicTensor;
  };
  for (const place of [1, 2]) {
    then(new Dropout({ rate: DROPOUT, name: `${CLASSIFIER}.dropout${place}` }));
    then(new Linear({ units: HIDDEN, name: `${CLASSIFIER}.hidden${place}` }));
    then(new Relu({ name: `${CLASSIFIER}.relu${place}` }));
  }
  then(new Linear({ units: classes, name: CLASSIFIER }));
  return tf.model({ inputs, outputs: x, name: "respirenet" });
}

/** Weights do not depend on the sides of a picture. */
const ANY_SIDES = [64, 64, 3] as const;

/**
 * What a file of weights must fit: a ResNet-34 of torchvision's, with its own class layer or with none, whose head starts anew; or a network
 * of this kind, of which all is taken.
 */
export function respirenetReceiver(classes: number): Receiver {
  const model = respirenetNetwork({ classes, inputShape: ANY_SIDES });
  const shapes = weightShapes(model);
  model.dispose();
  const name = `ResNet-34 with three input channels and ${classes} classes`;
  return { name, shapes, head: CLASSIFIER, names: torchvisionResnet };
}

/**
 * Weights of the loss by class, normal first, which sum to 1: the inverse of how frequent the authors suppose the classes, 3 : 1 : 1 : 1.
 * So 0.1 for normal and 0.3 for each abnormal class of four. Of two classes the abnormal one is three of those, 3 : 3, so they weigh the
 * same and the loss is the plain one.
 *
 * @throws RangeError for another number of classes
 * @see papers.md 5.4
 */
export function respirenetClassWeights(classes: number): number[] {
  const inverse = SUPPOSED_FREQUENCIES.get(classes)?.map((frequency) => 1 / frequency);
  if (!inverse) throw new RangeError(`class weights: RespireNet has 4 or 2 classes, not ${classes}`);
  const sum = inverse.reduce((total, weight) => total + weight, 0);
  return inverse.map((weight) => weight / sum);
}

const SUPPOSED_FREQUENCIES: ReadonlyMap<number, readonly number[]> = new Map([
  [4, [3, 1, 1, 1]],
  [2, [3, 1 + 1 + 1]],
]);
