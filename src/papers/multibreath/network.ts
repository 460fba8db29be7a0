import { cnn6Encoder } from "../../nn/backbones/cnn6.js";
import { cnn14Encoder } from "../../nn/backbones/cnn14.js";
import { mobileNetV2Encoder } from "../../nn/backbones/mobileNetV2.js";
import { resnet22Encoder } from "../../nn/backbones/resnet22.js";
import { BatchMinMax } from "../../nn/layers/batchMinMax.js";
import { Csra } from "../../nn/layers/csra.js";
import { efficientLeaf } from "../../nn/layers/efficientLeaf.js";
import { FrequencyTimePool, type MeanOver } from "../../nn/layers/frequencyTimePool.js";
import { Linear } from "../../nn/layers/linear.js";
import { Relu } from "../../nn/layers/relu.js";
import type { Receiver } from "../../nn/weights/initialWeights.js";
import { weightShapes } from "../../nn/weights/modelWeights.js";
import type { LayerNames } from "../../nn/weights/torchLayout.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { MultibreathBackbone } from "./rows.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** From maps to logits. */
export interface MultibreathOptions {
  backbone: MultibreathBackbone;
  /** `plain`: a global pool, a hidden layer, the class layer. `csra`: class-specific residual attention. */
  head: "plain" | "csra";
  /** Logits: 2, one for each sign, or 4 (decision 25). */
  outputs: number;
  /** Of attention: 1, 2, 4 or 6; unless said 6 (decision 26). The plain head has none. */
  heads?: number;
  /** Of attention; unless said 0.1 (decision 29). */
  lambda?: number;
  /**
   * Of the global feature. `relative`: mean over time, then maximum plus mean over frequency. `panns`: mean over frequency, then maximum plus
   * mean over time, and the backbone sees the map as [time, frequency], so that PANNs' kernels lie as they were trained. `mean`: over all
   * positions. Unless said `relative`.
   */
  pooling?: "relative" | "panns" | "mean";
  /** Of attention: scores divided by the length of their classifier vector; unless said they are (decision 28). */
  normalised?: boolean;
  /** Of the backbone; unless said 0, for ResNet22 0.1. MobileNetV2 has none. */
  dropout?: number;
  /** `batch-minmax`: decibels are scaled by the smallest and largest of their batch, here and when tested. Unless said they come scaled. */
  norm?: MultibreathNorm;
}

/** How decibels are scaled: by the training set's mean and deviation, before the network; or by their batch, within it (decision 31). */
export type MultibreathNorm = "training-set" | "batch-minmax";

/** What the closest relative standardises maps between 0 and 1 with (papers.md 2.2). */
const AFTER_MIN_MAX = { mean: 0.369, deviation: 0.0255 };

export interface MultibreathNetworkOptions extends MultibreathOptions {
  /** Rows, frames and channels of a map, [64, 256, 1] for 8.16 s; or one row of samples at 16 kHz for the learnable front end. */
  inputShape: readonly [rows: number, frames: number, channels: number];
  /** `learnable`: EfficientLEAF makes the map, of 64 bands and two channels (decision 36). Unless said `mel`, which is made before. */
  frontEnd?: "mel" | "learnable";
}

/**
 * Name of the layer whose output is the backbone's last map: what Grad-CAM++ looks at. With pooling `panns` its axes are [frames, rows]; the
 * layer `UPRIGHT` gives it as [rows, frames].
 */
export const LAST_MAP: Readonly<Record<MultibreathBackbone, string>> = {
  CNN6: "conv_block4.pool",
  CNN14: "conv_block6.relu2",
  ResNet22: "resnet.pool",
  MobileNetV2: "features.18.2",
};

/** Name of the layer that turns the last map back; only with pooling `panns`. */
export const UPRIGHT = "upright";

/** Beginning of the names of the learnable front end's layers. */
const FRONT_END = "leaf";

/** Name of the layer that gives the logits; the other layers of the head have names that begin with it. */
export const CLASSIFIER = "head";

const ENCODERS: Readonly<Record<MultibreathBackbone, (inputs: Symbolic, options: { dropout?: number }) => Symbolic>> = {
  CNN6: cnn6Encoder,
  CNN14: cnn14Encoder,
  ResNet22: resnet22Encoder,
  MobileNetV2: mobileNetV2Encoder,
};

/** Units of the plain head's hidden layer: the only ones that give the printed sizes. */
const HIDDEN: Readonly<Record<MultibreathBackbone, number>> = {
  CNN6: 128,
  CNN14: 512,
  ResNet22: 128,
  MobileNetV2: 512,
};

const MEAN_OVER: Readonly<Record<NonNullable<MultibreathOptions["pooling"]>, MeanOver>> = {
  relative: "time",
  panns: "frequency",
  mean: "positions",
};

/**
 * Multi-breath's network: a backbone of PANNs and one of two heads. Logits `[batch, outputs]` of inputs `[batch, rows, frames, channels]`.
 * Parameters with four outputs, one channel and six heads, plain and with attention: CNN6 4,370,500 and 4,316,608; CNN14 76,528,452 and
 * 75,526,464; ResNet22 11,270,852 and 11,216,960; MobileNetV2 2,881,220 and 2,254,016.
 *
 * @throws RangeError for a name that is not there, for dropout in MobileNetV2, and for sides too short for the backbone's pools
 * @see papers.md 2.3
 */
export function multibreathNetwork({
  inputShape,
  frontEnd,
  ...options
}: MultibreathNetworkOptions): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...inputShape], name: "input" });
  const outputs = logitsOf(frontEnd === "learnable" ? learntMap(inputs) : inputs, options);
  return tf.model({ inputs, outputs, name: `multibreath${options.backbone}` });
}

/** From maps `[batch, rows, frames, channels]` to logits `[batch, outputs]`. */
function logitsOf(maps: Symbolic, options: MultibreathOptions): Symbolic {
  const { backbone, pooling = "relative", dropout, norm } = options;
  expectOptions(options);
  const scaled =
    norm === "batch-minmax" ? (new BatchMinMax({ ...AFTER_MIN_MAX, name: "scale" }).apply(maps) as Symbolic) : maps;
  const turned = pooling === "panns";
  const seen = turned ? exchangeSides(scaled, "turn") : scaled;
  const last = ENCODERS[backbone](seen, dropout === undefined ? {} : { dropout });
  return head(turned ? exchangeSides(last, UPRIGHT) : last, options);
}

/** @param samples `[batch, 1, samples, 1]` */
function learntMap(samples: Symbolic): Symbolic {
  const [, , count, channels] = samples.shape;
  const waveform = tf.layers.reshape({ targetShape: [count!, channels!], name: "waveform" }).apply(samples) as Symbolic;
  return efficientLeaf(waveform, { name: FRONT_END });
}

function exchangeSides(map: Symbolic, name: string): Symbolic {
  return tf.layers.permute({ dims: [2, 1, 3], name }).apply(map) as Symbolic;
}

function head(map: Symbolic, options: MultibreathOptions): Symbolic {
  const { outputs, heads, lambda, normalised, pooling = "relative" } = options;
  const meanOver = MEAN_OVER[pooling];
  if (options.head === "csra") {
    const given = Object.entries({ heads, lambda, normalised }).filter(([, value]) => value !== undefined);
    const layer = new Csra({ ...Object.fromEntries(given), classes: outputs, meanOver, name: CLASSIFIER });
    return layer.apply(map) as Symbolic;
  }
  // PANNs starts its linear layers as it does its convolutions.
  const linear = (units: number, name: string) => new Linear({ units, init: "xavier-uniform", name });
  const layers = [
    new FrequencyTimePool({ meanOver, name: `${CLASSIFIER}.pool` }),
    linear(HIDDEN[options.backbone], `${CLASSIFIER}.hidden`),
    new Relu({ name: `${CLASSIFIER}.relu` }),
    linear(outputs, CLASSIFIER),
  ];
  return layers.reduce((x, layer) => layer.apply(x) as Symbolic, map);
}

function expectOptions({ backbone, head: kind, pooling = "relative", dropout }: MultibreathOptions): void {
  const expectOne = (option: string, value: string, known: readonly string[]) => {
    if (known.includes(value)) return;
    throw new RangeError(`Multi-breath's ${option} must be ${known.join(", ")}, got ${JSON.stringify(value)}`);
  };
  expectOne("backbone", backbone, Object.keys(ENCODERS));
  expectOne("head", kind, ["plain", "csra"]);
  expectOne("pooling", pooling, Object.keys(MEAN_OVER));
  if (backbone === "MobileNetV2" && dropout) throw new RangeError(`MobileNetV2 has no dropout, got ${dropout}`);
}

const panns: LayerNames = { library: "PANNs", layers: [] };

/** What PANNs' files hold beside the backbone: the front end, the input's batch normalisation, a block that ResNet22 is without, the head. */
const NOT_OURS = /^(spectrogram_extractor|logmel_extractor|bn0|conv_block_after1|fc1|fc_audioset)\./;

/** Weights do not depend on the sides of a map. */
const ANY_SIDES = [64, 64] as const;

/**
 * What a file of weights must fit: PANNs' own, of which the backbone is taken and the head starts anew; or a network of this kind, of which
 * all is taken.
 */
export function multibreathReceiver({
  channels = 1,
  ...options
}: MultibreathOptions & { channels?: number }): Receiver {
  const { backbone, head: kind, outputs } = options;
  const model = multibreathNetwork({ ...options, inputShape: [...ANY_SIDES, channels] });
  const shapes = weightShapes(model);
  model.dispose();
  const inputs = `${channels} input channel${channels === 1 ? "" : "s"}`;
  const name = `Multi-breath's ${backbone} with ${inputs}, a ${kind} head and ${outputs} outputs`;
  return { name, shapes, head: CLASSIFIER, names: panns, ignored: NOT_OURS };
}
