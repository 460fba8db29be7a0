import type { IcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import type { Example } from "../../datasets/roles.js";
import type { Streams } from "../../random/streams.js";
import { tf } from "../../tensorflow.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import type { Batch } from "../../training/runStep.js";
import { logmelWriter } from "../logmelWriter.js";
import { BASELINE_INPUT, writeBaselineInput } from "./frontEnd.js";

/** Writes the network's input of a cycle, read from the stored maps. Throws RangeError for a cycle without a map. */
export function inputWriter(maps: Pick<IcbhiLogmel, "rowOf" | "bytes">) {
  return logmelWriter(maps, writeBaselineInput);
}

export interface BalancedBatchesOptions {
  examples: readonly Example<"train">[];
  writeInput: ReturnType<typeof inputWriter>;
  classes: number;
  batchSize: number;
  stepsPerEpoch: number;
  streams: Streams;
}

/** Training batches of class-balanced draws; a batch is a function of the seed, the epoch and the step alone. */
export function balancedBatches(options: BalancedBatchesOptions): (epoch: number, step: number) => Batch {
  const { examples, writeInput, classes, batchSize, stepsPerEpoch, streams } = options;
  const labels = examples.map(({ label }) => label);
  const itemSize = BASELINE_INPUT.reduce((a, b) => a * b);
  let drawn: { epoch: number; draws: Int32Array } | undefined;
  return (epoch, step) => {
    if (drawn?.epoch !== epoch)
      drawn = { epoch, draws: drawBalanced(labels, stepsPerEpoch * batchSize, streams.stream("balanced", epoch)) };
    const inputs = new Float32Array(batchSize * itemSize);
    const targets = new Float32Array(batchSize * classes);
    for (let i = 0; i < batchSize; i++) {
      const example = examples[drawn.draws[step * batchSize + i]!]!;
      writeInput(example, inputs, i * itemSize);
      targets[i * classes + example.label] = 1;
    }
    return {
      inputs: tf.tensor4d(inputs, [batchSize, ...BASELINE_INPUT]),
      targets: tf.tensor2d(targets, [batchSize, classes]),
    };
  };
}
