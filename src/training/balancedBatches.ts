import type { Streams } from "../random/streams.js";
import { UserError } from "../userError.js";
import { drawBalanced } from "./balancedSampler.js";
import { type BatchSampler, checkStep } from "./batchSampler.js";

export interface BalancedBatchesOptions {
  /** Class of each item. */
  labels: ArrayLike<number>;
  /** Names of the classes 0, 1, ..., which must all have items. */
  classes: readonly string[];
  batchSize: number;
  /** Default: as many draws as there are items, the last batch what is left. */
  stepsPerEpoch?: number;
  /** Names the stream; default "balanced". */
  purpose?: string;
}

/** Inverse-class-frequency draws with replacement, an epoch's own each time (papers.md 6.10). */
export class BalancedBatches implements BatchSampler {
  readonly stepsPerEpoch: number;
  private readonly options: BalancedBatchesOptions;
  private readonly streams: Streams;
  private readonly count: number;
  private kept: { epoch: number; draws: Int32Array } | undefined;

  /** @throws UserError for a batch size or a number of steps that is no positive integer, and for a class without items */
  constructor(options: BalancedBatchesOptions, streams: Streams) {
    const { labels, classes, batchSize, stepsPerEpoch = Math.ceil(labels.length / batchSize) } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new UserError(`batch size ${batchSize}: must be a positive integer`);
    drawBalanced(labels, 0, streams.stream("unused"), classes);
    if (!Number.isInteger(stepsPerEpoch) || stepsPerEpoch < 1)
      throw new UserError(`steps per epoch ${stepsPerEpoch}: must be a positive integer`);
    this.options = options;
    this.streams = streams;
    this.stepsPerEpoch = stepsPerEpoch;
    this.count = options.stepsPerEpoch === undefined ? labels.length : stepsPerEpoch * batchSize;
  }

  indices(epoch: number, step: number): number[] {
    checkStep(step, this.stepsPerEpoch);
    const { labels, classes, batchSize, purpose = "balanced" } = this.options;
    if (this.kept?.epoch !== epoch) {
      this.kept = { epoch, draws: drawBalanced(labels, this.count, this.streams.stream(purpose, epoch), classes) };
    }
    return Array.from(this.kept.draws.subarray(step * batchSize, (step + 1) * batchSize));
  }
}
