import { BatchNorm1d } from "../../nn/layers/batchNorm1d.js";
import { BatchNorm2d } from "../../nn/layers/batchNorm2d.js";
import type { CallOptions } from "../../nn/layers/call.js";
import { Conv2d } from "../../nn/layers/conv2d.js";
import { Gelu } from "../../nn/layers/gelu.js";
import { GroupFrames } from "../../nn/layers/groupFrames.js";
import { LayerNorm } from "../../nn/layers/layerNorm.js";
import { Linear } from "../../nn/layers/linear.js";
import { MixAxis } from "../../nn/layers/mixAxis.js";
import { NearestCentre } from "../../nn/layers/nearestCentre.js";
import { Relu } from "../../nn/layers/relu.js";
import { Softplus } from "../../nn/layers/softplus.js";
import { UnfoldBatch } from "../../nn/layers/unfoldBatch.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { type CycleguardianShape, encoderUnits, groupCount, WIDTHS } from "./geometry.js";
import { groupMix, type Mixing } from "./groupMix.js";

type Layer = TensorFlow.layers.Layer;
type Tensor = TensorFlow.Tensor;

export interface CycleguardianNetworkOptions {
  /** Logits: 4, or 2. */
  classes: number;
  /** 5; the authors' code has 4 (papers.md, decision 7). */
  clusters: number;
  /** Batch normalisation of the encoder's groups apart for each position, as the code's loop has it (decision 15). Default false. */
  bnPerGroup?: boolean;
}

/** What the layers give for the features of a batch's groups, mixed or not. */
export interface Branch {
  /** `[batch, classes]` */
  logits: TensorFlow.Tensor2D;
  /** e, `[batch, groups, 128]`; with `centres` all that the soft assignment needs. */
  embeddings: TensorFlow.Tensor3D;
  /** `[batch, groups, clusters]`, a 1 for the most probable centre of each group; no gradient. */
  assignment: TensorFlow.Tensor3D;
  /** c, `[batch, clusters, 128]` */
  clusters: TensorFlow.Tensor3D;
  /** z, `[batch, 128]` */
  global: TensorFlow.Tensor2D;
  /** h(z), `[batch, 128]`, not of unit length. */
  projected: TensorFlow.Tensor2D;
}

/** All that the losses are made of (papers.md 1.4). */
export interface ForwardPass {
  /** g, `[batch, groups, 768]`: what both branches share. */
  features: TensorFlow.Tensor3D;
  plain: Branch;
  /** Where a mixing was given. */
  mixed: Branch | undefined;
  /** `[clusters, 128]` */
  centres: TensorFlow.Tensor2D;
  /** S, `[128, 128]`, for row vectors: x S. */
  similarity: TensorFlow.Tensor2D;
}

export interface CycleguardianNetwork {
  /** Logits `[batch, classes]` of inputs `[batch, rows, frames, channels]`, without decoder, projector and similarity matrix. */
  inference: TensorFlow.LayersModel;
  /** Every layer, those of `inference` among them: for initialisation, weights and checkpoints. Disposing of it frees all. */
  whole: TensorFlow.LayersModel;
  /** Layers of `whole` that no loss reaches: the decoder, counted and unused (papers.md 1.3). */
  unused: readonly Layer[];
  /** Layers of h, for those who leave them as they start (`frozen-random`, decision 10). */
  projector: readonly Layer[];
  /**
   * One pass of `inputs` `[batch, rows, frames, channels]` through all layers but the decoder; only tensor operations, with gradients.
   * In training mode the projector's running averages move once for each branch.
   *
   * @throws RangeError where the mixing is of another number of items or groups
   */
  forward(inputs: Tensor, mixing: Mixing | undefined, options: CallOptions): ForwardPass;
}

/**
 * CycleGuardian's network (papers.md 1.3): a shared encoder of groups of frames, deep clustering, cluster and global fusion, head. Layers
 * have the same names at every geometry. The convolutions' output is flattened as `[rows, frames, channels]`; PyTorch's order is
 * `[channels, rows, frames]`. The gate fusion that the authors' code makes and never uses is not here.
 *
 * @throws RangeError where the groups do not fit (`groupCount`, `encoderUnits`) or there is no class or cluster
 */
export function cycleguardianNetwork(
  shape: CycleguardianShape,
  { classes, clusters, bnPerGroup = false }: CycleguardianNetworkOptions,
): CycleguardianNetwork {
  const groups = groupCount(shape);
  const encoder = encoderLayers(shape, groups, bnPerGroup);
  const parts = branchLayers(classes, clusters);
  const decoder = linear(WIDTHS.group, "cluster.decoder");
  const similarity = new Linear({ units: WIDTHS.embedding, bias: false, init: "identity", name: "similarity" });

  const inputs = tf.input({ shape: [shape.rows, shape.frames, shape.channels], name: "input" });
  const branch = applyBranch(parts, applyAll(encoder, inputs));
  const outputs = [
    branch.logits,
    applyAll([decoder], branch.embeddings),
    applyAll(parts.projector, branch.global),
    applyAll([similarity], branch.clusters),
  ];
  return {
    inference: tf.model({ inputs, outputs: branch.logits, name: "cycleguardian" }),
    whole: tf.model({ inputs, outputs, name: "cycleguardianWhole" }),
    unused: [decoder],
    projector: parts.projector,
    forward: (x, mixing, options) => {
      const features = applyAll<Tensor>(encoder, x, options) as TensorFlow.Tensor3D;
      const through = (g: Tensor) => {
        const made = applyBranch(parts, g, options);
        return { ...made, projected: applyAll(parts.projector, made.global, options) } as Branch;
      };
      return {
        features,
        plain: through(features),
        mixed: mixing && through(groupMix(features, mixing)),
        centres: parts.assignment.centres(),
        similarity: similarity.weights[0]!.read() as TensorFlow.Tensor2D,
      };
    },
  };
}

/** From maps to the features g of their groups. */
function encoderLayers(shape: CycleguardianShape, groups: number, bnPerGroup: boolean): Layer[] {
  const { framesPerGroup, stride } = shape;
  const positions = bnPerGroup ? groups : 1;
  const layers: Layer[] = [new GroupFrames({ framesPerGroup, stride, name: "groups" })];
  encoderUnits(shape).forEach(({ filters, kernelSize, strides, padding, paddingMode }, i) => {
    const name = (what: string) => `encoder.${what}${i + 1}`;
    const geometry = { filters, kernelSize, stride: strides, padding, paddingMode };
    layers.push(new Conv2d({ ...geometry, bias: true, name: name("conv") }));
    layers.push(new BatchNorm2d({ positions, name: name("bn") }), new Relu({ name: name("relu") }));
  });
  layers.push(tf.layers.flatten({ name: "encoder.flatten" }));
  layers.push(linear(WIDTHS.hidden, "encoder.fc1"), new BatchNorm1d({ positions, name: "encoder.bn6" }));
  layers.push(new Relu({ name: "encoder.relu6" }));
  layers.push(linear(WIDTHS.group, "encoder.fc2"), new Softplus({ name: "encoder.softplus" }));
  layers.push(new UnfoldBatch({ groups, name: "encoder.groups" }));
  return layers;
}

type BranchLayers = ReturnType<typeof branchLayers>;

/** From the features of groups to logits, and the projector. */
function branchLayers(classes: number, clusters: number) {
  const { embedding } = WIDTHS;
  return {
    embedding: [linear(embedding, "cluster.encoder"), new Relu({ name: "cluster.relu" })],
    assignment: new NearestCentre({ clusters, name: "cluster.assignment" }),
    mix: new MixAxis({ name: "groupFusion.conv" }),
    clusters: [
      new Gelu({ name: "groupFusion.gelu1" }),
      new LayerNorm({ name: "groupFusion.norm1" }),
      linear(embedding, "groupFusion.fc"),
      new Gelu({ name: "groupFusion.gelu2" }),
      new LayerNorm({ name: "groupFusion.norm2" }),
    ],
    global: [
      new MixAxis({ name: "clusterFusion.conv" }),
      new Gelu({ name: "clusterFusion.gelu" }),
      new LayerNorm({ name: "clusterFusion.norm" }),
    ],
    head: linear(classes, "head"),
    projector: [
      linear(embedding, "projector.fc1"),
      new BatchNorm1d({ name: "projector.bn" }),
      new Relu({ name: "projector.relu" }),
      linear(embedding, "projector.fc2"),
    ],
  };
}

function linear(units: number, name: string): Linear {
  return new Linear({ units, init: { truncatedNormal: 0.01 }, name });
}

type Value = Tensor | TensorFlow.SymbolicTensor;

/** What a chain of layers gives: of a symbolic tensor the graph, of a tensor its values. */
function applyAll<T extends Value>(layers: readonly Layer[], x: T, options: CallOptions = {}): T {
  return layers.reduce<T>((value, layer) => layer.apply(value, options as object) as T, x);
}

function applyBranch<T extends Value>(parts: BranchLayers, features: T, options: CallOptions = {}) {
  const embeddings = applyAll(parts.embedding, features, options);
  const assignment = applyAll([parts.assignment], embeddings, options);
  const summed = parts.mix.apply([features, assignment] as Tensor[], options as object) as T;
  const clusters = applyAll(parts.clusters, summed, options);
  const global = applyAll(parts.global, clusters, options);
  return { embeddings, assignment, clusters, global, logits: applyAll([parts.head], global, options) };
}
