import type { Streams } from "../random/streams.js";
import { UserError } from "../userError.js";
import { type BatchSampler, checkStep } from "./batchSampler.js";

export interface ShuffledBatchesOptions {
  /** Items in the set. */
  count: number;
  batchSize: number;
  /** Whether a last batch of fewer items is left out; by default it is used. */
  dropLast?: boolean;
  /** Names the stream, for runs with several samplers; default "shuffle". */
  purpose?: string;
}

/**
 * Every item once an epoch, in an order of that epoch's own (papers.md 6.10). A batch is a function of the streams' seed, the epoch
 * and the step: any one can be made alone.
 */
export class ShuffledBatches implements BatchSampler {
  readonly stepsPerEpoch: number;
  private readonly options: ShuffledBatchesOptions;
  private readonly streams: Streams;
  private kept: { epoch: number; order: number[] } | undefined;

  /** @throws UserError unless 1 <= batchSize <= count */
  constructor(options: ShuffledBatchesOptions, streams: Streams) {
    const { count, batchSize, dropLast } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new UserError(`batch size ${batchSize}: must be a positive integer`);
    if (count < batchSize)
      throw new UserError(`batch size ${batchSize}: larger than the set, which has ${count} items; at most that many`);
    this.options = options;
    this.streams = streams;
    this.stepsPerEpoch = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
  }

  /** Indices of the items of a batch. Epochs count from 1, steps from 0. Throws RangeError for a step that the epoch lacks. */
  indices(epoch: number, step: number): number[] {
    checkStep(step, this.stepsPerEpoch);
    const { batchSize } = this.options;
    return this.order(epoch).slice(step * batchSize, (step + 1) * batchSize);
  }

  /** The last epoch's order is kept, since its steps come one after the other. */
  private order(epoch: number): number[] {
    if (this.kept?.epoch !== epoch) {
      const { count, purpose = "shuffle" } = this.options;
      const items = Array.from({ length: count }, (_, i) => i);
      this.kept = { epoch, order: this.streams.stream(purpose, epoch).shuffle(items) };
    }
    return this.kept.order;
  }
}
