import { AbsoluteMean } from "../../nn/layers/absoluteMean.js";
import { AxisAttention } from "../../nn/layers/axisAttention.js";
import { AxisMean } from "../../nn/layers/axisMean.js";
import { BatchNorm1d } from "../../nn/layers/batchNorm1d.js";
import { BatchNorm2d } from "../../nn/layers/batchNorm2d.js";
import { Conv1d } from "../../nn/layers/conv1d.js";
import { Conv2d } from "../../nn/layers/conv2d.js";
import { Linear } from "../../nn/layers/linear.js";
import { MaxPool2d } from "../../nn/layers/maxPool2d.js";
import { Relu } from "../../nn/layers/relu.js";
import { SelectiveSum } from "../../nn/layers/selectiveSum.js";
import { Sigmoid } from "../../nn/layers/sigmoid.js";
import { SoftThreshold } from "../../nn/layers/softThreshold.js";
import { WeighMap } from "../../nn/layers/weighMap.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectOptions, type GlancegazeOptions } from "./networkOptions.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** Channels of the stages. */
const STAGES = [32, 64, 128] as const;

const AXES = ["frequency", "time"] as const;

/** Names of the layers whose outputs are w_f, `[batch, rows, channels]`, and w_t, `[batch, frames, channels]`, of each stage. */
export const ATTENTION_OVER: readonly Readonly<Record<(typeof AXES)[number], string>>[] = STAGES.map((_, i) => ({
  frequency: `stage${i + 1}.glance.frequency`,
  time: `stage${i + 1}.glance.time`,
}));

/** Name of the layer whose output is the last map, `[batch, rows / 8, frames / 8, 128]` rounded down: what Grad-CAM++ looks at. */
export const LAST_MAP = `stage${STAGES.length}.pool`;

/** Name of the layer that gives the logits; the other layer of the head has a name that begins with it. */
export const CLASSIFIER = "head";

/**
 * The Glance-and-Gaze network: three stages of attention along frequency and along time (glance), convolutions with shrinkage (gaze), fusion of
 * what each attention weighs (FFM) and a pool; then the mean of all positions and a linear layer. Logits `[batch, outputs]` of inputs
 * `[batch, rows, frames, channels]`. 824,884 parameters with one channel and four outputs. Training needs two items a batch or more.
 *
 * @throws RangeError for a map with a side below 8, for a name that is not there, and for an option of a part that is left out
 * @see papers.md 4.3
 */
export function glancegazeNetwork(options: GlancegazeOptions): TensorFlow.LayersModel {
  const { inputShape, outputs, name = "glancegaze" } = options;
  expectOptions(options);
  const inputs = tf.input({ shape: [...inputShape], name: "input" });
  const map = STAGES.reduce<Symbolic>((x, channels, i) => stage(x, `stage${i + 1}`, channels, options), inputs);
  const pooled = apply(tf.layers.globalAveragePooling2d({ name: `${CLASSIFIER}.pool` }), map);
  return tf.model({ inputs, outputs: apply(new Linear({ units: outputs, name: CLASSIFIER }), pooled), name });
}

/**
 * What a network weighs rows and frames by: outputs w_f and w_t of the first stage, then of the second and the third, as `ATTENTION_OVER` names
 * them. It shares the layers of `model`, with which they are disposed of.
 *
 * @throws RangeError for a network without glance
 */
export function glancegazeAttention(model: TensorFlow.LayersModel): TensorFlow.LayersModel {
  const names = ATTENTION_OVER.flatMap(({ frequency, time }) => [frequency, time]);
  const layers = names.map((wanted) => model.layers.find(({ name }) => name === wanted));
  const missing = names[layers.indexOf(undefined)];
  if (missing !== undefined) throw new RangeError(`${model.name} has no attention: there is no layer ${missing}`);
  const outputs = layers.map((layer) => layer!.output as Symbolic);
  return tf.model({ inputs: model.inputs, outputs, name: `${model.name}.attention` });
}

/** The mean of weights over the channels: from `[batch, places, channels]` to `[batch, places]`. */
export function meanAttention(weights: TensorFlow.Tensor3D): TensorFlow.Tensor2D {
  return tf.mean(weights, 2);
}

function apply(layer: TensorFlow.layers.Layer, x: Symbolic | Symbolic[]): Symbolic {
  return layer.apply(x) as Symbolic;
}

/** From `[batch, rows, frames, any]` to `[batch, rows / 2, frames / 2, channels]`, rounded down. */
function stage(x: Symbolic, name: string, channels: number, options: GlancegazeOptions): Symbolic {
  const map = options.without === "gaze" ? shortcut(x, name, channels) : gaze(x, name, channels, options);
  const fused = options.without === "glance" ? map : weighed(x, map, name, channels, options);
  return apply(new MaxPool2d({ size: 2, name: `${name}.pool` }), fused);
}

/** The map weighed along frequency and along time, S_f and S_t, and both put together. */
function weighed(x: Symbolic, map: Symbolic, name: string, channels: number, options: GlancegazeOptions): Symbolic {
  const weights = glance(x, `${name}.glance`, channels, options);
  const branches = AXES.map((along) =>
    apply(new WeighMap({ along, name: `${name}.weighed.${along}` }), [map, weights[along]]),
  );
  if (options.without === "ffm") return apply(tf.layers.add({ name: `${name}.sum` }), branches);
  return fuse(branches, `${name}.ffm`, channels, options.ffm ?? "selective");
}

/** w_f, `[batch, rows, channels]`, and w_t, `[batch, frames, channels]`. The printed sums run over the other index (papers.md 4.3). */
function glance(x: Symbolic, name: string, channels: number, options: GlancegazeOptions) {
  const { shareGlance, attentionScale, glanceKernel: kernelSize = 3 } = options;
  const padding = (kernelSize - 1) / 2;
  const convolution = (of: string) =>
    new Conv1d({ filters: channels, kernelSize, padding, bias: true, init: "torch", name: `${of}.conv` });
  const shared = shareGlance ? convolution(name) : undefined;
  const weights = (axis: (typeof AXES)[number], over: (typeof AXES)[number]) => {
    const own = `${name}.${axis}`;
    const scores = apply(shared ?? convolution(own), apply(new AxisMean({ over, name: `${own}.mean` }), x));
    return apply(new AxisAttention({ scale: attentionScale ?? "length", name: own }), scores);
  };
  const both = { frequency: weights("frequency", "time"), time: weights("time", "frequency") };
  // tfjs counts a layer once for each use, and a model that is disposed of gives back one.
  shared?.dispose();
  return both;
}

/** S'', `[batch, rows, frames, channels]`: two convolutions, shrinkage, and the map itself added. */
function gaze(x: Symbolic, stageName: string, channels: number, { shrinkage }: GlancegazeOptions): Symbolic {
  const name = `${stageName}.gaze`;
  let y = x;
  [3, 5].forEach((kernelSize, i) => {
    const then = (what: string) => `${name}.${what}${i + 1}`;
    const convolved = convolution(y, then("conv"), channels, kernelSize);
    y = apply(new Relu({ name: then("relu") }), apply(new BatchNorm2d({ name: then("bn") }), convolved));
  });
  const residual = shrink(y, `${name}.shrink`, channels, shrinkage);
  return apply(tf.layers.add({ name: `${name}.add` }), [shortcut(x, stageName, channels), residual]);
}

/**
 * Soft thresholding by a share of each channel's own mean. The printed share w of the map itself leaves (1 - w) of the map: a factor for each
 * channel, which a sigmoid of its own learns as well.
 */
function shrink(map: Symbolic, name: string, channels: number, shrinkage: "channel" | "map" = "channel"): Symbolic {
  const loudness = apply(new AbsoluteMean({ name: `${name}.mean` }), map); // [batch, channels]
  const linear = (what: string) => new Linear({ units: channels, name: `${name}.${what}` });
  const layers = [
    linear("fc1"),
    new BatchNorm1d({ name: `${name}.bn` }),
    new Relu({ name: `${name}.relu` }),
    linear("fc2"),
    new Sigmoid({ name: `${name}.share` }),
  ];
  const share = layers.reduce((y, layer) => apply(layer, y), loudness);
  if (shrinkage === "map") return apply(new WeighMap({ along: "channels", name }), [map, share]);
  const threshold = apply(tf.layers.multiply({ name: `${name}.threshold` }), [share, loudness]);
  return apply(new SoftThreshold({ name }), [map, threshold]);
}

/** The map itself, brought to other channels where they change; the paper does not mention it (papers.md 4.3). */
function shortcut(x: Symbolic, stageName: string, channels: number): Symbolic {
  return x.shape[3] === channels ? x : convNorm(x, `${stageName}.shortcut`, channels);
}

/** U_f and U_t, and one map of both, `[batch, rows, frames, channels]`. */
function fuse(branches: readonly Symbolic[], name: string, channels: number, kind: "selective" | "se"): Symbolic {
  const maps = branches.map((branch, i) => convNorm(branch, `${name}.${AXES[i]}`, channels));
  const sum = apply(tf.layers.add({ name: `${name}.sum` }), maps);
  const scores = [
    tf.layers.globalAveragePooling2d({ name: `${name}.mean` }),
    new Linear({ units: channels / 2, name: `${name}.fc1` }),
    new Relu({ name: `${name}.relu` }),
    new Linear({ units: kind === "se" ? channels : 2 * channels, name: `${name}.fc2` }),
  ].reduce((y, layer) => apply(layer, y), sum);
  if (kind === "selective") return apply(new SelectiveSum({ name }), [...maps, scores]);
  return apply(new WeighMap({ along: "channels", name }), [sum, apply(new Sigmoid({ name: `${name}.share` }), scores)]);
}

/** A 1x1 convolution and norm. */
function convNorm(x: Symbolic, name: string, channels: number): Symbolic {
  return apply(new BatchNorm2d({ name: `${name}.bn` }), convolution(x, `${name}.conv`, channels, 1));
}

/** Stride 1, as much padding as keeps the sides, no bias. */
function convolution(x: Symbolic, name: string, filters: number, kernelSize: number): Symbolic {
  return apply(new Conv2d({ filters, kernelSize, padding: (kernelSize - 1) / 2, init: "torch", name }), x);
}
