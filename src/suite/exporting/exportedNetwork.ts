import { type InferenceGraph, inferenceGraph } from "../../engine/inferenceGraph.js";
import type { Manifest } from "../../inference/manifest.js";
import { FoldedModel } from "../../nn/foldedModel.js";
import { JointLogits } from "../../nn/layers/jointLogits.js";
import { SigmoidShares } from "../../nn/layers/sigmoidShares.js";
import { withPortableOps } from "../../nn/ops/path.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { UserError } from "../../userError.js";
import type { Look } from "./look.js";

type Tensor = TensorFlow.Tensor;

/** What of a trained model goes out. */
export interface ExportedNetwork {
  /** Up to the logits; shares its layers with the model. */
  network: TensorFlow.LayersModel;
  outputs: Manifest["outputs"];
  /** From the network's logits, `[batch, outputs]`, to logits of the labels, as the run decided. */
  decide(logits: Tensor): Tensor;
}

/**
 * The network up to its logits. What turns findings into labels is left to the manifest, so that findings can be shown as such.
 *
 * @param labels in the order of the model's outputs
 * @throws UserError for a model whose labels are decided in a way that a manifest cannot say
 */
export function exportedNetwork(model: TensorFlow.LayersModel, labels: readonly string[]): ExportedNetwork {
  const decoder = model.outputs[0]!.sourceLayer;
  const outputs = outputsOf(decoder, labels);
  if (outputs.kind === "softmax") return { network: model, outputs, decide: (logits) => logits };
  const network = tf.model({
    inputs: model.inputs,
    outputs: decoder.input as TensorFlow.SymbolicTensor,
    name: model.name,
  });
  return { network, outputs, decide: (logits) => decoder.apply(logits) as Tensor };
}

function outputsOf(decoder: TensorFlow.layers.Layer, labels: readonly string[]): Manifest["outputs"] {
  if (decoder instanceof JointLogits) {
    const { threshold } = decoder.getConfig() as { threshold: number };
    const findings = Array.from({ length: Math.log2(labels.length) }, (_, i) => labels[2 ** i]!);
    return { kind: "sigmoid", findings, threshold, decide: "combination" };
  }
  if (!(decoder instanceof SigmoidShares)) return { kind: "softmax" };
  const { winner, over } = decoder.getConfig() as { winner?: number; over?: number[] };
  const others = labels.slice(1, -1).map((_, i) => i + 1);
  if (winner !== labels.length - 1 || over?.join() !== others.join()) {
    throw new UserError(
      `the model's last layer ${decoder.name} lets label ${winner ?? "none"} win over ${over?.join(", ") ?? "none"} where scores are equal; an exported model lets the last win over all but the first`,
    );
  }
  return { kind: "sigmoid", findings: [...labels], threshold: 0.5, decide: "largest" };
}

/**
 * The network's forward pass as a graph with a free batch axis: batch normalisations folded, every layer on its portable path, so that
 * there are plain operations only.
 *
 * @param look what the graph gives beside the logits, as `seen`
 */
export function graphOf(network: TensorFlow.LayersModel, inputShape: readonly number[], look?: Look): InferenceGraph {
  const until = look ? tf.model({ inputs: network.inputs, outputs: look.at }) : network;
  const folded = new FoldedModel(until, "all");
  try {
    const pass = (input: Tensor) => (look ? look.answers(folded.apply(input)) : folded.apply(input));
    return inferenceGraph((input) => withPortableOps(() => pass(input)), inputShape);
  } finally {
    folded.dispose();
  }
}

/** Inputs that go through the network at once. */
const AT_ONCE = 8;

/**
 * What a network answers in evaluation mode. Lets others work between batches.
 *
 * @param maps each [rows, frames, channels]
 * @param onDone called before each batch with how many are done; what it throws stops the work
 * @returns `[maps, outputs]`
 */
export async function answersOf(
  network: TensorFlow.LayersModel,
  maps: readonly Float32Array[],
  shape: readonly number[],
  onDone: (done: number) => void = () => {},
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let at = 0; at < maps.length; at += AT_ONCE) {
    await new Promise((resolve) => setImmediate(resolve));
    onDone(at);
    parts.push(answersAtOnce(network, maps.slice(at, at + AT_ONCE), shape));
  }
  return joined(parts);
}

/** The same of a few maps, as one batch. */
export function answersAtOnce(
  network: TensorFlow.LayersModel,
  maps: readonly Float32Array[],
  shape: readonly number[],
): Float32Array {
  return tf.tidy(() => {
    const inputs = tf.tensor(joined(maps), [maps.length, ...shape]);
    return (network.predict(inputs) as Tensor).dataSync() as Float32Array;
  });
}

/** One after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
