import { studentAssignment } from "../../losses/deepClustering.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { CycleguardianNetwork } from "./network.js";

/** What the network makes of inputs on the way to its logits. */
export interface Inside {
  /** g, `[batch, groups, 768]` */
  features: TensorFlow.Tensor3D;
  /** q, `[batch, groups, clusters]`: probabilities of Student's t kernel. */
  soft: TensorFlow.Tensor3D;
  /** `[batch, groups, clusters]`: a 1 for the most probable. */
  hard: TensorFlow.Tensor3D;
  /** c, `[batch, clusters, 128]` */
  clusters: TensorFlow.Tensor3D;
  /** z, `[batch, 128]` */
  global: TensorFlow.Tensor2D;
  /** `[batch, classes]` */
  logits: TensorFlow.Tensor2D;
}

/** Looks into the network in evaluation mode. Inputs `[batch, rows, frames, channels]`; the tensors are the caller's to dispose of. */
export function inside(network: CycleguardianNetwork, inputs: TensorFlow.Tensor4D): Inside {
  return tf.tidy(() => {
    const { features, plain, centres } = network.forward(inputs, undefined, {});
    const { embeddings, assignment: hard, clusters, global, logits } = plain;
    return { features, soft: studentAssignment(embeddings, centres), hard, clusters, global, logits };
  }) as unknown as Inside;
}
