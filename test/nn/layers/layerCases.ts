import { AdaptiveAvgPool2d, AdaptiveMaxPool2d } from "../../../src/nn/layers/adaptivePool2d.js";
import { AvgPool2d } from "../../../src/nn/layers/avgPool2d.js";
import { BatchMinMax } from "../../../src/nn/layers/batchMinMax.js";
import { BatchNorm1d } from "../../../src/nn/layers/batchNorm1d.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv1d } from "../../../src/nn/layers/conv1d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Csra } from "../../../src/nn/layers/csra.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Gelu } from "../../../src/nn/layers/gelu.js";
import { GroupFrames } from "../../../src/nn/layers/groupFrames.js";
import { JointLogits } from "../../../src/nn/layers/jointLogits.js";
import { L2Normalise } from "../../../src/nn/layers/l2Normalise.js";
import { LayerNorm } from "../../../src/nn/layers/layerNorm.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { MaxPool2d } from "../../../src/nn/layers/maxPool2d.js";
import { MixAxis } from "../../../src/nn/layers/mixAxis.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { Relu6 } from "../../../src/nn/layers/relu6.js";
import { SigmoidShares } from "../../../src/nn/layers/sigmoidShares.js";
import { Softplus } from "../../../src/nn/layers/softplus.js";
import { UnfoldBatch } from "../../../src/nn/layers/unfoldBatch.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

type Layer = TensorFlow.layers.Layer;

export interface LayerCase {
  make: (name: string) => Layer;
  /** In PyTorch's order: channels second, unless `features`. */
  shape: number[];
  /** The last axis is PyTorch's last axis too. */
  features?: boolean;
  evaluation?: boolean;
}

const maps = [2, 3, 7, 10];

/** Layers that PyTorch has too, in each of their kinds. */
export const layerCases: Record<string, LayerCase> = {
  conv2d: { make: (name) => new Conv2d({ filters: 4, kernelSize: 3, padding: 1, bias: true, name }), shape: maps },
  "conv2d strided": {
    make: (name) => new Conv2d({ filters: 4, kernelSize: 3, stride: 2, padding: 1, name }),
    shape: maps,
  },
  "conv2d oblong": {
    make: (name) => new Conv2d({ filters: 4, kernelSize: [3, 5], stride: [2, 1], padding: [0, 2], bias: true, name }),
    shape: maps,
  },
  "conv2d circular": {
    make: (name) =>
      new Conv2d({ filters: 4, kernelSize: 3, stride: 2, padding: 1, paddingMode: "circular", bias: true, name }),
    shape: maps,
  },
  "conv2d circular oblong": {
    make: (name) =>
      new Conv2d({ filters: 4, kernelSize: [3, 5], padding: [1, 2], paddingMode: "circular", bias: true, name }),
    shape: maps,
  },
  "conv2d dilated": {
    make: (name) => new Conv2d({ filters: 4, kernelSize: 3, padding: 2, dilation: 2, bias: true, name }),
    shape: maps,
  },
  "conv2d dilated strided": {
    make: (name) =>
      new Conv2d({ filters: 4, kernelSize: 3, stride: 2, padding: [0, 1], dilation: [2, 3], bias: true, name }),
    shape: maps,
  },
  "conv2d in groups": {
    make: (name) => new Conv2d({ filters: 6, kernelSize: 3, stride: 2, padding: 1, groups: 2, bias: true, name }),
    shape: [2, 4, 7, 10],
  },
  "conv2d depthwise": {
    make: (name) => new Conv2d({ filters: 3, kernelSize: 3, padding: 1, groups: 3, bias: true, name }),
    shape: maps,
  },
  "conv2d depthwise strided": {
    make: (name) => new Conv2d({ filters: 6, kernelSize: 3, stride: 2, padding: 1, groups: 3, name }),
    shape: maps,
  },
  "conv2d depthwise oblong": {
    make: (name) =>
      new Conv2d({ filters: 6, kernelSize: 3, stride: [2, 1], padding: 1, dilation: 2, groups: 3, bias: true, name }),
    shape: maps,
  },
  conv1d: {
    make: (name) => new Conv1d({ filters: 4, kernelSize: 3, padding: 1, bias: true, name }),
    shape: [2, 3, 11],
  },
  "conv1d circular dilated": {
    make: (name) =>
      new Conv1d({ filters: 4, kernelSize: 3, stride: 2, padding: 2, dilation: 2, paddingMode: "circular", name }),
    shape: [2, 3, 11],
  },
  "conv1d in groups": {
    make: (name) => new Conv1d({ filters: 6, kernelSize: 5, groups: 2, bias: true, name }),
    shape: [2, 4, 11],
  },
  linear: { make: (name) => new Linear({ units: 4, name }), shape: [5, 6], features: true },
  "linear on series": {
    make: (name) => new Linear({ units: 4, bias: false, name }),
    shape: [2, 3, 6],
    features: true,
  },
  batchNorm2d: { make: (name) => new BatchNorm2d({ name }), shape: maps },
  "batchNorm2d evaluation": { make: (name) => new BatchNorm2d({ name }), shape: maps, evaluation: true },
  "batchNorm2d momentum": { make: (name) => new BatchNorm2d({ epsilon: 0.5, momentum: 0.3, name }), shape: maps },
  "batchNorm2d positions": { make: (name) => new BatchNorm2d({ positions: 3, name }), shape: [12, 3, 5, 4] },
  "batchNorm2d positions evaluation": {
    make: (name) => new BatchNorm2d({ positions: 3, name }),
    shape: [12, 3, 5, 4],
    evaluation: true,
  },
  batchNorm1d: { make: (name) => new BatchNorm1d({ name }), shape: [5, 6] },
  "batchNorm1d series": { make: (name) => new BatchNorm1d({ name }), shape: [2, 3, 11] },
  "batchNorm1d evaluation": { make: (name) => new BatchNorm1d({ name }), shape: [5, 6], evaluation: true },
  "batchNorm1d positions": {
    make: (name) => new BatchNorm1d({ positions: 3, momentum: 0.3, name }),
    shape: [12, 6],
  },
  layerNorm: { make: (name) => new LayerNorm({ name }), shape: [5, 6], features: true },
  "layerNorm on series": { make: (name) => new LayerNorm({ epsilon: 0.5, name }), shape: [2, 3, 6], features: true },
  groupFrames: { make: (name) => new GroupFrames({ framesPerGroup: 3, name }), shape: maps },
  "groupFrames overlapping": { make: (name) => new GroupFrames({ framesPerGroup: 4, stride: 3, name }), shape: maps },
  "groupFrames apart": { make: (name) => new GroupFrames({ framesPerGroup: 2, stride: 3, name }), shape: maps },
  unfoldBatch: { make: (name) => new UnfoldBatch({ groups: 3, name }), shape: [6, 4], features: true },
  mixAxis: { make: (name) => new MixAxis({ name }), shape: [4, 5, 6], features: true },
  l2Normalise: { make: (name) => new L2Normalise({ name }), shape: [5, 6], features: true },
  "l2Normalise on maps": { make: (name) => new L2Normalise({ name }), shape: maps },
  relu: { make: (name) => new Relu({ name }), shape: maps },
  relu6: { make: (name) => new Relu6({ name }), shape: maps },
  gelu: { make: (name) => new Gelu({ name }), shape: maps },
  softplus: { make: (name) => new Softplus({ name }), shape: maps },
  maxPool2d: { make: (name) => new MaxPool2d({ size: 3, stride: 2, padding: 1, name }), shape: maps },
  "maxPool2d oblong": {
    make: (name) => new MaxPool2d({ size: [2, 3], stride: [1, 2], padding: [1, 0], name }),
    shape: maps,
  },
  avgPool2d: { make: (name) => new AvgPool2d({ size: 2, name }), shape: maps },
  "avgPool2d padded": { make: (name) => new AvgPool2d({ size: 3, stride: 2, padding: 1, name }), shape: maps },
  "avgPool2d inside": {
    make: (name) => new AvgPool2d({ size: [3, 4], stride: 2, padding: [1, 2], countPadding: false, name }),
    shape: maps,
  },
  adaptiveAvgPool2d: { make: (name) => new AdaptiveAvgPool2d({ output: [3, 4], name }), shape: maps },
  "adaptiveAvgPool2d even": { make: (name) => new AdaptiveAvgPool2d({ output: [1, 5], name }), shape: maps },
  adaptiveMaxPool2d: { make: (name) => new AdaptiveMaxPool2d({ output: [3, 4], name }), shape: maps },
  "adaptiveMaxPool2d even": { make: (name) => new AdaptiveMaxPool2d({ output: 1, name }), shape: maps },
};

/** Layers that it does not have, whose values other tests know. */
export const ownLayerCases: Record<string, LayerCase> = {
  batchMinMax: { make: (name) => new BatchMinMax({ mean: 0.4, deviation: 0.1, name }), shape: maps },
  csra: { make: (name) => new Csra({ classes: 2, heads: 2, name }), shape: maps },
  "csra plain": {
    make: (name) => new Csra({ classes: 2, heads: 1, lambda: 0.5, normalised: false, meanOver: "positions", name }),
    shape: maps,
  },
  frequencyTimePool: { make: (name) => new FrequencyTimePool({ name }), shape: maps },
  "frequencyTimePool over frequency": {
    make: (name) => new FrequencyTimePool({ meanOver: "frequency", name }),
    shape: maps,
  },
};

/** Layers of answers, which nothing is learnt through. */
export const answerLayerCases: Record<string, LayerCase> = {
  jointLogits: { make: (name) => new JointLogits({ threshold: 0.3, name }), shape: [5, 2], features: true },
  sigmoidShares: { make: (name) => new SigmoidShares({ name }), shape: [5, 4], features: true },
  "sigmoidShares with a winner": {
    make: (name) => new SigmoidShares({ winner: 3, over: [1, 2], name }),
    shape: [5, 4],
    features: true,
  },
};

/** Where an axis of PyTorch's layout stands in ours, by rank. */
const toOurs: Record<number, number[]> = { 2: [0, 1], 3: [0, 2, 1], 4: [0, 2, 3, 1] };
const toTorch: Record<number, number[]> = { 2: [0, 1], 3: [0, 2, 1], 4: [0, 3, 1, 2] };

/** A layer's input in our layout: the values of the snippet. */
export function caseInput({ shape, features }: LayerCase): TensorFlow.Tensor {
  return tf.tidy(() => {
    const values = Float32Array.from(noise(shape.reduce((product, side) => product * side, 1), 1), (value) => 8 * value); // biome-ignore format: one line
    const x = tf.tensor(values, shape);
    return features ? x : tf.transpose(x, toOurs[shape.length]!);
  });
}

/**
 * A layer with the snippet's weights, run forward and backward: its output, the gradients of its input and of its weights, then its
 * running statistics, each flattened in PyTorch's order. Leaves no tensor behind.
 */
export function runLayer(layerCase: LayerCase): Float32Array[] {
  const { make, features, evaluation } = layerCase;
  return tf.tidy(() => {
    const layer = make("layer");
    const input = caseInput(layerCase);
    const symbolic = layer.apply(tf.input({ batchShape: input.shape })) as TensorFlow.SymbolicTensor;
    const parameters = layer.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const running = layer.nonTrainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const inOrder = (rank: number) => [...Array(rank).keys()];
    const weightsToTorch = (rank: number) => (rank === 4 ? [3, 2, 0, 1] : inOrder(rank).reverse());
    const weightsToOurs = (rank: number) => (rank === 4 ? [2, 3, 1, 0] : inOrder(rank).reverse());
    parameters.forEach((parameter, i) => {
      const torchShape = weightsToTorch(parameter.rank).map((axis) => parameter.shape[axis]!);
      const values = tf.tensor(Float32Array.from(noise(parameter.size, 10 + i)), torchShape);
      parameter.assign(tf.transpose(values, weightsToOurs(parameter.rank)));
    });
    running.forEach((buffer, i) => {
      buffer.assign(tf.tensor(Float32Array.from(noise(buffer.size, 20 + i), (value) => 1 + 0.5 * Math.fround(value))));
    });

    const x = tf.variable(input);
    let output: TensorFlow.Tensor | undefined;
    const flat = (tensor: TensorFlow.Tensor, order: number[]) =>
      (tf.transpose(tensor, order).dataSync() as Float32Array).slice();
    const order = (rank: number) => (features ? inOrder(rank) : toTorch[rank]!);
    const { grads } = tf.variableGrads(() => {
      output = tf.keep(layer.apply(x, { training: !evaluation }) as TensorFlow.Tensor);
      const torchShape = order(output.rank).map((axis) => output!.shape[axis]!);
      const dy = tf.tensor(Float32Array.from(noise(output.size, 3)), torchShape);
      return tf.sum(tf.mul(features ? dy : tf.transpose(dy, toOurs[output.rank]!), output)) as TensorFlow.Scalar;
    }, [x, ...parameters]);
    if (output!.shape.join() !== symbolic.shape.join())
      throw new Error(`computed shape ${symbolic.shape}, made ${output!.shape}`);

    const results = [flat(output!, order(output!.rank)), flat(grads[x.name]!, order(x.rank))];
    for (const { name, rank } of parameters) results.push(flat(grads[name]!, weightsToTorch(rank)));
    for (const buffer of running) results.push(flat(buffer, [0]));
    tf.dispose([x, output!]);
    layer.dispose();
    return results;
  });
}
