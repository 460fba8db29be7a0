import { BatchRing, type BatchRingOptions, type RingTimes } from "../node/batches/batchRing.js";
import { tf } from "../tensorflow.js";
import type { Batch } from "./runStep.js";

export interface PreparedBatchesOptions<Options> extends BatchRingOptions<Options> {
  /** `[rows, frames, channels]` of an item's input. */
  inputShape: readonly [number, number, number];
  classes: number;
}

/** Batches for training that worker threads make beside the step. */
export interface PreparedBatches {
  batch(epoch: number, step: number): Batch | Promise<Batch>;
  readonly times: Readonly<RingTimes>;
  /** Must be called when training is over, however it ended. */
  close(): Promise<void>;
}

/** @throws what making the items' program throws */
export async function prepareBatches<Options>(settings: PreparedBatchesOptions<Options>): Promise<PreparedBatches> {
  const ring = await BatchRing.open(settings);
  const { inputShape, classes } = settings;
  return {
    times: ring.times,
    batch(epoch, step) {
      const values = ring.take(epoch, step);
      return values instanceof Promise ? values.then(tensors) : tensors(values);
    },
    close: () => ring.close(),
  };

  /** Views of the ring: TensorFlow copies them when the step begins, and the next batch is taken after it. */
  function tensors({ inputs, targets }: { inputs: Float32Array; targets: Float32Array }): Batch {
    const count = targets.length / classes;
    return {
      inputs: tf.tensor4d(inputs, [count, ...inputShape]),
      targets: tf.tensor2d(targets, [count, classes]),
    };
  }
}
