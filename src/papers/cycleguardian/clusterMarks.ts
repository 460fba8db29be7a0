import type { GroupFrames } from "../../nn/layers/groupFrames.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

/** A group of frames in time, and the cluster that it is in. */
export interface ClusterMark {
  startSeconds: number;
  endSeconds: number;
  /** Counted from 0. */
  cluster: number;
}

/**
 * The cluster of each group of frames of one input, in evaluation mode.
 *
 * @param model of CycleGuardian, as it is saved
 * @param map `[rows, frames, channels]`, the model's input
 * @param hopSeconds from one frame to the next
 */
export function clusterMarks(model: TensorFlow.LayersModel, map: Float32Array, hopSeconds: number): ClusterMark[] {
  const assignment = model.getLayer("cluster.assignment").output as TensorFlow.SymbolicTensor;
  // It shares the model's layers, so giving it back would give back theirs.
  const upTo = tf.model({ inputs: model.inputs, outputs: assignment });
  const { framesPerGroup, stride } = model.getLayer("groups").getConfig() as unknown as Grouped;
  const chosen = tf.tidy(() => {
    const input = tf.tensor(map, [1, ...(model.inputs[0]!.shape.slice(1) as number[])]);
    return (upTo.predict(input) as TensorFlow.Tensor).argMax(-1).dataSync();
  });
  return Array.from(chosen, (cluster, group) => ({
    startSeconds: group * stride * hopSeconds,
    endSeconds: (group * stride + framesPerGroup) * hopSeconds,
    cluster,
  }));
}

type Grouped = ReturnType<GroupFrames["getConfig"]> & { framesPerGroup: number; stride: number };
