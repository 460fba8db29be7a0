import { JobPool } from "../workers/jobPool.js";
import { type BatchItems, type BatchValues, type ItemsProgram, newValues, writeBatch } from "./batchItems.js";
import { type BatchJob, batchProgram } from "./batchProgram.js";

export interface BatchRingOptions<Options> {
  program: ItemsProgram<Options>;
  options: Options;
  /** Threads; with 0 each batch is made when it is asked for. */
  workers: number;
  /** Batches in memory: the one in use and those made ahead. Default: two more than there are workers. */
  slots?: number;
  /** How far below this thread's priority the workers run (Linux); default 10: a step that computes goes before batches to come. */
  nice?: number;
  stepsPerEpoch: number;
  epochs: number;
}

/** What the batches cost so far. */
export interface RingTimes {
  batches: number;
  /** Seconds that `take` was waited for. */
  secondsWaited: number;
  /** Seconds spent making batches, summed over threads. */
  secondsMaking: number;
}

interface Slot {
  values: BatchValues;
  job?: BatchJob;
  made?: Promise<number>;
}

/**
 * Batches made ahead by worker threads, in a ring of shared memory, while the thread that asks for them computes. What is in a
 * batch and in which order they come depends on neither the number of workers nor timing. An item that cannot be made
 * is an error of the batch that it belongs to, when that is taken.
 */
export class BatchRing<Options> {
  readonly times: RingTimes = { batches: 0, secondsWaited: 0, secondsMaking: 0 };
  private readonly slots: Slot[];
  private readonly pool: JobPool<BatchJob, number> | undefined;
  private readonly here: BatchItems;
  private readonly settings: BatchRingOptions<Options>;

  private constructor(settings: BatchRingOptions<Options>, here: BatchItems) {
    const { program, options, workers, slots = workers + 2, nice = 10 } = settings;
    if (workers > 0 && slots < 2) throw new RangeError(`slots must be 2 or more with workers: ${slots}`);
    this.settings = settings;
    this.here = here;
    this.slots = Array.from({ length: workers === 0 ? 1 : slots }, () => ({ values: newValues(here) }));
    if (workers === 0) return;
    const place = { file: program.file, name: program.name };
    const values = this.slots.map((slot) => slot.values);
    this.pool = new JobPool(batchProgram, { items: { place, options }, slots: values }, { workers, nice });
  }

  static async open<Options>(settings: BatchRingOptions<Options>): Promise<BatchRing<Options>> {
    return new BatchRing(settings, await settings.program.make(settings.options));
  }

  /**
   * The batch of a step (epochs count from 1, steps from 0); its values are good until the next is taken. Batches are made ahead in the
   * order of training; any other may be asked for as well.
   *
   * @throws what making it threw, with the item's name
   */
  take(epoch: number, step: number): BatchValues | Promise<BatchValues> {
    this.times.batches++;
    if (this.pool) return this.taken(this.pool, epoch, step);
    const started = performance.now();
    const { values } = this.slots[0]!;
    writeBatch(this.here, epoch, step, values);
    const seconds = (performance.now() - started) / 1000;
    this.times.secondsWaited += seconds;
    this.times.secondsMaking += seconds;
    return values;
  }

  /** Ends the threads; what they are at is given up. */
  async close(): Promise<void> {
    await this.pool?.close();
  }

  private async taken(pool: JobPool<BatchJob, number>, epoch: number, step: number): Promise<BatchValues> {
    const started = performance.now();
    let at = this.slots.findIndex(({ job }) => job?.epoch === epoch && job.step === step);
    if (at < 0) {
      // Out of turn: what was made ahead is of no use. A slot is free when nobody writes to it any more.
      await Promise.allSettled(this.slots.map(({ made }) => made));
      for (const slot of this.slots) slot.job = undefined;
      at = 0;
    }
    // The slot handed out last is free again: it is the last to be ordered.
    let next: Omit<BatchJob, "slot"> | undefined = { epoch, step };
    for (let ahead = 0; ahead < this.slots.length && next; ahead++) {
      const index = (at + ahead) % this.slots.length;
      this.order(pool, index, next);
      next = this.after(next);
    }
    const slot = this.slots[at]!;
    this.times.secondsMaking += await slot.made!;
    this.times.secondsWaited += (performance.now() - started) / 1000;
    return slot.values;
  }

  /** Has a slot filled, unless it is, or is being. */
  private order(pool: JobPool<BatchJob, number>, index: number, { epoch, step }: Omit<BatchJob, "slot">): void {
    const slot = this.slots[index]!;
    if (slot.job?.epoch === epoch && slot.job.step === step) return;
    slot.job = { slot: index, epoch, step };
    slot.made = pool.run(slot.job);
    slot.made.catch(() => {}); // told when it is taken
  }

  private after({ epoch, step }: Omit<BatchJob, "slot">): Omit<BatchJob, "slot"> | undefined {
    const { stepsPerEpoch, epochs } = this.settings;
    if (step + 1 < stepsPerEpoch) return { epoch, step: step + 1 };
    return epoch < epochs ? { epoch: epoch + 1, step: 0 } : undefined;
  }
}
