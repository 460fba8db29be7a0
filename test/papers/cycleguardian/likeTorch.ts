import { expect } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { studentAssignment } from "../../../src/losses/deepClustering.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import type { NamedTensor } from "../../../src/nn/weights/safetensors.js";
import {
  type CycleguardianShape,
  encoderUnits,
  groupCount,
  PRINTED_SHAPES,
} from "../../../src/papers/cycleguardian/geometry.js";
import {
  type Branch,
  type CycleguardianNetwork,
  cycleguardianNetwork,
  type ForwardPass,
} from "../../../src/papers/cycleguardian/network.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { fromTorch, noise, torchName, torchShape } from "../../nn/torchNames.js";
import { torchNetworks } from "./torchNetwork.js";

const { paper, authors } = PRINTED_SHAPES;

/** Groups that do not overlap. */
export const narrow = (width: number, groups: number): CycleguardianShape => ({
  ...paper,
  frames: width * groups,
  framesPerGroup: width,
  stride: width,
});

/** Which groups are replaced. */
export const everyThird = (groups: number) =>
  tf.tensor1d(Array.from({ length: groups }, (_, i) => (i % 3 === 0 ? 1 : 0)));

/** Our name of a weight in the snippet's words. */
function snippetName(ours: string): string {
  if (ours === "cluster.assignment/centres") return "centres";
  return ours === "similarity/weight" ? "similarity" : torchName(ours);
}

/** The snippet's weights, laid out as ours. */
export function snippetWeights(whole: TensorFlow.LayersModel, shape: CycleguardianShape): Map<string, NamedTensor> {
  const named = [...readWeights(whole)].map(([name, { shape }]) => ({ name, shape, torch: snippetName(name) }));
  named.sort((a, b) => (a.torch < b.torch ? -1 : 1));
  return new Map(
    named.map(({ name, shape: ours, torch }, seed) => {
      const outside = torchShape(ours);
      const raw = noise(ours.reduce((product, side) => product * side, 1), seed); // biome-ignore format: one line
      const values = Float32Array.from(raw, (v, i) => {
        if (torch === "centres") return 1 + v;
        if (torch === "similarity") return (i % 129 === 0 ? 1 : 0) + 0.1 * v;
        if (ours.length === 4) return v * Math.sqrt(6 / (outside[0]! * outside[2]! * outside[3]!));
        if (ours.length === 2) return v * 0.1;
        if (torch.endsWith("running_var")) return 1 + 0.5 * v;
        return torch.endsWith("weight") ? 1 + 0.2 * v : 0.1 * v;
      });
      if (torch === "centres" || torch === "similarity") return [name, { dtype: "F32", shape: ours, values }];
      if (torch !== "encoder.fc1.weight") return [name, fromTorch(values, ours)];
      // PyTorch flattens [channels, rows, frames]: a kernel as large as the map.
      const { rows, frames, filters } = encoderUnits(shape).at(-1)!;
      const asKernel = fromTorch(values, [rows, frames, filters, ours[1]!]);
      return [name, { ...asKernel, shape: ours }];
    }),
  );
}

const BATCH = 3;

/** The snippet's input, labels and mixing. */
function snippetInputs({ frames, ...shape }: CycleguardianShape) {
  return tf.tidy(() => {
    const values = Float32Array.from(noise(BATCH * 3 * 84 * frames, 1000));
    const x = tf.transpose(tf.tensor4d(values, [BATCH, 3, 84, frames]), [0, 2, 3, 1]);
    const labels = tf.oneHot(tf.tensor1d([0, 2, 3], "int32"), 4) as TensorFlow.Tensor2D;
    const partner = tf.tensor1d([1, 2, 0], "int32");
    return { x, labels, partner, replaced: everyThird(groupCount({ frames, ...shape })) };
  });
}

/** The snippet's loss: it reaches every weight but the decoder's. */
export function lossOf(
  { plain, mixed, centres, similarity }: ForwardPass,
  labels: TensorFlow.Tensor2D,
): TensorFlow.Scalar {
  const weighed = (x: TensorFlow.Tensor, seed: number): TensorFlow.Tensor =>
    tf.mean(tf.mul(x, tf.tensor(Float32Array.from(noise(x.size, seed)), x.shape)));
  const ofBranch = ({ embeddings, clusters, global, projected }: Branch, seed: number) => {
    const q = studentAssignment(embeddings, centres);
    const turned = tf.matMul(tf.reshape(clusters, [-1, 128]), similarity);
    return tf.addN([q, clusters, global, projected, turned].map((value, i) => weighed(value, seed + i)));
  };
  const terms = [crossEntropy(plain.logits, labels), ofBranch(plain, 200), ofBranch(mixed!, 300)];
  return tf.addN(terms) as TensorFlow.Scalar;
}

/** Variables that a loss reaches, by the snippet's names. */
export function reached({ whole, unused }: CycleguardianNetwork): Map<string, TensorFlow.Variable> {
  const layers = whole.layers.filter((layer) => !unused.includes(layer));
  return new Map(
    layers.flatMap(({ trainableWeights }) =>
      trainableWeights.map((weight): [string, TensorFlow.Variable] => [
        snippetName(weight.originalName),
        weight.read() as TensorFlow.Variable,
      ]),
    ),
  );
}

const cases: Record<string, { shape: CycleguardianShape; clusters: number; bnPerGroup?: boolean }> = {
  "41 groups, 5 clusters": { shape: paper, clusters: 5 },
  "41 groups, 5 clusters, bnPerGroup": { shape: paper, clusters: 5, bnPerGroup: true },
  "45 groups, 4 clusters": { shape: authors, clusters: 4 },
  "2 frames a group": { shape: narrow(2, 11), clusters: 5 },
  "5 frames a group": { shape: narrow(5, 10), clusters: 5 },
  "10 frames a group": { shape: narrow(10, 6), clusters: 5 },
  "15 frames a group": { shape: narrow(15, 4), clusters: 5 },
  "25 frames a group": { shape: { ...narrow(25, 3), frames: 80 }, clusters: 5 },
};

// PyTorch's own float32 differs from its float64 by up to 1.3e-6 in evaluation mode and 5e-6 in training mode, in running averages by
// 8e-7, relative to the largest number, and in norms of gradients by 1.6e-4: values at the kinks of ReLUs. About ten times that.
const EVALUATION = 1e-5;
const TRAINING = 5e-5;
const RUNNING = 1e-5;
const NORMS = 2e-3;

const off = (values: ArrayLike<number>, wanted: readonly number[]) =>
  Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!))) / Math.max(...wanted.map(Math.abs));
const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** A case of `torchNetworks`: logits, the loss, every gradient's norm and the running averages of one pass. */
export function expectLikeTorch(name: string): void {
  const wanted = torchNetworks[name]!;
  const { shape, clusters, bnPerGroup = false } = cases[name]!;
  const network = cycleguardianNetwork(shape, { classes: 4, clusters, bnPerGroup });
  writeWeights(network.whole, snippetWeights(network.whole, shape));
  const { x, labels, ...mixing } = snippetInputs(shape);
  const evaluation = tf.tidy(() => (network.inference.apply(x) as TensorFlow.Tensor).dataSync() as Float32Array);
  expect(off(evaluation, wanted.evaluation)).toBeLessThan(EVALUATION);

  const variables = reached(network);
  const { value, grads } = tf.variableGrads(() => {
    const pass = network.forward(x, mixing, { training: true });
    expect(off(pass.plain.logits.dataSync(), wanted.logits)).toBeLessThan(TRAINING);
    expect(off(pass.mixed!.logits.dataSync(), wanted.mixedLogits)).toBeLessThan(TRAINING);
    expect(tf.sum(pass.plain.assignment, [0, 1]).arraySync()).toEqual(wanted.occupancy);
    return lossOf(pass, labels);
  }, [...variables.values()]);
  expect(off(value.dataSync(), [wanted.loss])).toBeLessThan(TRAINING);

  expect([...variables.keys()].sort()).toEqual(Object.keys(wanted.gradientNorms).sort());
  for (const [weight, wantedNorm] of Object.entries(wanted.gradientNorms)) {
    const ours = norm(grads[variables.get(weight)!.name]!.dataSync() as Float32Array);
    // A bias before a normalisation has sums that cancel, some to zero: rounding is that of the terms, as large as the layer's weight's.
    const terms = wanted.gradientNorms[weight.replace(/bias$/, "weight")]!;
    expect(Math.abs(ours - wantedNorm), weight).toBeLessThan(NORMS * Math.max(wantedNorm, terms));
  }

  const after = new Map([...readWeights(network.whole)].map(([weight, { values }]) => [snippetName(weight), values]));
  for (const [average, [product, size]] of Object.entries(wanted.running)) {
    const ours = after.get(average) as Float32Array;
    const direction = noise(ours.length, 77);
    const ourProduct = ours.reduce((sum, number, i) => sum + number * direction[i]!, 0);
    expect(Math.abs(ourProduct - product) / size, average).toBeLessThan(RUNNING);
    expect(Math.abs(norm(ours) / size - 1), average).toBeLessThan(RUNNING);
  }
  tf.dispose([x, labels, mixing.partner, mixing.replaced, value, grads]);
  network.whole.dispose();
}
