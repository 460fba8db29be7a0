import { type TensorFlow, tf } from "../../tensorflow.js";
import { BatchNorm2d } from "../layers/batchNorm2d.js";
import { Conv2d } from "../layers/conv2d.js";
import { Linear } from "../layers/linear.js";
import { MaxPool2d } from "../layers/maxPool2d.js";
import { Relu } from "../layers/relu.js";

type Symbolic = TensorFlow.SymbolicTensor;

/**
 * ResNet-18 (He et al. 2016, with torchvision's layout and names) and a linear classifier.
 *
 * Input `[batch, rows, frames, channels]`, output logits `[batch, classes]`. Encoder: 7x7 stride-2 stem, 3x3 stride-2
 * maximum pool, basic blocks [2, 2, 2, 2] with 64 to 512 channels, global average pool. With one input channel the
 * encoder has 11,170,240 parameters (papers.md 3.3).
 */
export function resnet18(
  input: { rows: number; frames: number; channels: number },
  classes: number,
): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [input.rows, input.frames, input.channels], name: "input" });
  let x = convNorm(inputs, "conv1", "bn1", { filters: 64, kernelSize: 7, stride: 2, padding: 3 });
  x = apply(new Relu({ name: "relu" }), x);
  x = apply(new MaxPool2d({ size: 3, stride: 2, padding: 1, name: "maxpool" }), x);
  [64, 128, 256, 512].forEach((filters, stage) => {
    for (let block = 0; block < 2; block++) {
      x = basicBlock(x, `layer${stage + 1}.${block}`, filters, stage > 0 && block === 0 ? 2 : 1);
    }
  });
  x = apply(tf.layers.globalAveragePooling2d({ name: "avgpool" }), x);
  const logits = apply(new Linear({ units: classes, name: "fc" }), x);
  return tf.model({ inputs, outputs: logits, name: "resnet18" });
}

function apply(layer: TensorFlow.layers.Layer, x: Symbolic | Symbolic[]): Symbolic {
  return layer.apply(x) as Symbolic;
}

type ConvShape = { filters: number; kernelSize: number; stride: number; padding: number };

function convNorm(x: Symbolic, conv: string, norm: string, shape: ConvShape): Symbolic {
  return apply(new BatchNorm2d({ name: norm }), apply(new Conv2d({ ...shape, name: conv }), x));
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
