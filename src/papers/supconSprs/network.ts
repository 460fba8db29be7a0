import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { resnetEncoder } from "../../nn/backbones/resnet.js";
import { resnet18, resnet18Blocks } from "../../nn/backbones/resnet18.js";
import { Dropout } from "../../nn/layers/dropout.js";
import { L2Normalise } from "../../nn/layers/l2Normalise.js";
import { Linear } from "../../nn/layers/linear.js";
import { Relu } from "../../nn/layers/relu.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { supconMfcc } from "./frontEnd.js";
import type { PretrainingRecipe } from "./pretrainingRecipe.js";
import type { SupconNetwork, SupconRecipe } from "./recipe.js";

const PLAIN = { resnet18, leanCnn };

/** A row's network: logits `[batch, labels]` of inputs `[batch, 64, frames, 1]`. */
export function classifierNetwork(
  network: SupconNetwork,
  { frames, pretraining }: Pick<SupconRecipe, "frames" | "pretraining">,
  labels: readonly string[],
): TensorFlow.LayersModel {
  if (!pretraining) return PLAIN[network]({ rows: supconMfcc.rows, frames, channels: 1 }, labels.length);
  const { inputs, embeddings } = embedded(pretraining);
  const logits = new Linear({ units: labels.length, name: CLASSIFIER }).apply(embeddings) as TensorFlow.SymbolicTensor;
  return tf.model({ inputs, outputs: logits, name: "supconClassifier" });
}

/**
 * What is pretrained: the encoder of ResNet-18 (11,170,240 parameters with its one input channel), dropout, a head, embeddings of unit
 * length (papers.md 3.3). Embeddings `[batch, embedding]` of inputs `[batch, 64, frames, 1]`.
 */
export function embeddingNetwork(recipe: PretrainingRecipe): TensorFlow.LayersModel {
  const { inputs, embeddings } = embedded(recipe);
  return tf.model({ inputs, outputs: embeddings, name: "supconEncoder" });
}

/** Name of the layer that is trained on a frozen encoder. */
export const CLASSIFIER = "classifier";
/** Name of the layer that gives the embeddings. */
export const EMBEDDING = "head.normalise";

function embedded({ frames, embedding, dropout, head }: PretrainingRecipe) {
  const inputs = tf.input({ shape: [supconMfcc.rows, frames, 1], name: "input" });
  let x = resnetEncoder(inputs, resnet18Blocks);
  const then = (layer: TensorFlow.layers.Layer) => {
    x = layer.apply(x) as TensorFlow.SymbolicTensor;
  };
  then(new Dropout({ rate: dropout, name: "head.dropout" }));
  if (head === "mlp") {
    then(new Linear({ units: x.shape[1]!, name: "head.hidden" }));
    then(new Relu({ name: "head.relu" }));
  }
  then(new Linear({ units: embedding, name: "head.fc" }));
  then(new L2Normalise({ name: EMBEDDING }));
  return { inputs, embeddings: x };
}
