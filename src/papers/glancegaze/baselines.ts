import { CLASSIFIER as VGG_CLASSIFIER, vgg16 } from "../../nn/backbones/vgg16.js";
import { AttentionPool } from "../../nn/layers/attentionPool.js";
import { Conv2d } from "../../nn/layers/conv2d.js";
import { Dropout } from "../../nn/layers/dropout.js";
import { Gru } from "../../nn/layers/gru.js";
import { Linear } from "../../nn/layers/linear.js";
import { Lstm } from "../../nn/layers/lstm.js";
import { MaxPool2d } from "../../nn/layers/maxPool2d.js";
import { Relu } from "../../nn/layers/relu.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** The networks that the paper compares with, by the names of its second table. */
export const BASELINES = ["VGG16", "CRNN", "BiGRU+ATT"] as const;
export type BaselineKind = (typeof BASELINES)[number];

export interface BaselineOptions {
  kind: BaselineKind;
  /** Rows, frames and channels of a map: [128, 345, 1] for 8 s. */
  inputShape: readonly [rows: number, frames: number, channels: number];
  /** Logits: 4. */
  outputs: number;
}

/** Name of the layer that gives the logits. */
export const BASELINE_CLASSIFIER: Readonly<Record<BaselineKind, string>> = {
  VGG16: VGG_CLASSIFIER,
  CRNN: "fc2",
  "BiGRU+ATT": "fc",
};

/**
 * A network that the glance-and-gaze network is compared with. Logits `[batch, outputs]` of inputs `[batch, rows, frames, channels]`. The
 * paper gives names and references only; parameters with 128 rows, one channel and 4 outputs: VGG16 134,284,228, CRNN 5,367,160,
 * BiGRU+ATT 561,668.
 *
 * @throws RangeError for a name that is not there, and, with a layer's name, for sides too short for the network's pools
 * @see papers.md 4.3
 */
export function baselineNetwork({ kind, inputShape, outputs }: BaselineOptions): TensorFlow.LayersModel {
  const [rows, frames, channels] = inputShape;
  if (kind === "VGG16") return vgg16({ rows, frames, channels }, outputs);
  if (!BASELINES.includes(kind)) {
    throw new RangeError(`a baseline must be ${BASELINES.join(", ")}, got ${JSON.stringify(kind)}`);
  }
  const inputs = tf.input({ shape: [rows, frames, channels], name: "input" });
  const logits = kind === "CRNN" ? crnn(inputs, outputs) : biGru(inputs, outputs);
  return tf.model({ inputs, outputs: logits, name: kind === "CRNN" ? "crnn" : "biGruAttention" });
}

/** Filters and kernel of each convolution; between the rows a maximum pool of 2 rows and 3 frames. */
const CRNN_STAGES = [
  [{ filters: 64, kernelSize: [5, 7] }],
  [
    { filters: 64, kernelSize: [3, 3] },
    { filters: 64, kernelSize: [3, 3] },
  ],
  [
    { filters: 128, kernelSize: [3, 3] },
    { filters: 128, kernelSize: [3, 3] },
  ],
  [
    { filters: 128, kernelSize: [3, 3] },
    { filters: 128, kernelSize: [3, 3] },
  ],
] as const;

/**
 * Seven convolutions, a bidirectional LSTM of 256 units over the frames that are left, and two linear layers. What is not said: convolutions
 * keep the sides and have bias and ReLU but no norm (none is named), and start as He et al. 2015 have it (without a norm, PyTorch's own start
 * leaves a 500th of what tells items apart); a frame's features are its rows and channels (the usual way); the LSTM gives the last step of
 * each direction, which has then seen all frames; the first linear layer has ReLU, without which both were one.
 */
function crnn(inputs: Symbolic, outputs: number): Symbolic {
  let x = inputs;
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as Symbolic;
  };
  let place = 0;
  CRNN_STAGES.forEach((stage, i) => {
    if (i > 0) then(new MaxPool2d({ size: [2, 3], name: `pool${i}` }));
    for (const { filters, kernelSize } of stage) {
      const padding = [(kernelSize[0] - 1) / 2, (kernelSize[1] - 1) / 2] as const;
      place++;
      then(
        new Conv2d({ filters, kernelSize, padding, bias: true, init: "kaiming-normal-fan-in", name: `conv${place}` }),
      );
      then(new Relu({ name: `relu${place}` }));
    }
  });
  x = byFrames(x);
  then(new Lstm({ units: 256, bidirectional: true, steps: "last", name: "lstm" }));
  then(new Dropout({ rate: 0.5, name: "dropout1" }));
  then(new Linear({ units: 100, name: "fc1" }));
  then(new Relu({ name: "fc1.relu" }));
  then(new Dropout({ rate: 0.5, name: "dropout2" }));
  then(new Linear({ units: outputs, name: BASELINE_CLASSIFIER.CRNN }));
  return x;
}

/**
 * Two bidirectional layers of 128 gated recurrent units over the frames, additive attention over them, and a linear layer. Not said: the
 * attention's hidden layer is as wide as the features (the usual way); no dropout (none is named).
 */
function biGru(inputs: Symbolic, outputs: number): Symbolic {
  const layers = [
    new Gru({ units: 128, bidirectional: true, name: "gru1" }),
    new Gru({ units: 128, bidirectional: true, name: "gru2" }),
    new AttentionPool({ name: "attention" }),
    new Linear({ units: outputs, name: BASELINE_CLASSIFIER["BiGRU+ATT"] }),
  ];
  return layers.reduce((x, layer) => layer.apply(x) as Symbolic, byFrames(inputs));
}

/** `[batch, rows, frames, channels]` to `[batch, frames, rows * channels]`. */
function byFrames(map: Symbolic): Symbolic {
  const [, rows, frames, channels] = map.shape;
  const upright = tf.layers.permute({ dims: [2, 1, 3], name: "framesFirst" }).apply(map) as Symbolic;
  return tf.layers.reshape({ targetShape: [frames!, rows! * channels!], name: "byFrames" }).apply(upright) as Symbolic;
}
