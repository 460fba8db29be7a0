import type { Streams } from "../random/streams.js";
import { UserError } from "../userError.js";
import { type BatchSampler, checkStep } from "./batchSampler.js";

export interface QuotaBatchesOptions {
  /** Class of each item, an index into `classes`. */
  labels: ArrayLike<number>;
  /** Names of the classes. */
  classes: readonly string[];
  /** Items of each class in every batch; 0 leaves a class out. */
  quota: readonly number[];
  /** Default: as many as show every item of the most numerous class, by its quota, at least once. */
  stepsPerEpoch?: number;
  /** Names the stream; default "quota". */
  purpose?: string;
}

/**
 * Batches that all hold the same number of items of each class (papers.md 6.10). Within an epoch a class's items come in a
 * shuffled order and are shuffled anew once all have been used, so that none comes twice before each came once.
 */
export class QuotaBatches implements BatchSampler {
  readonly stepsPerEpoch: number;
  private readonly quota: readonly number[];
  private readonly items: number[][];
  private readonly purpose: string;
  private readonly streams: Streams;
  /** The last order of each class; steps come one after the other. */
  private readonly kept: { key: string; order: number[] }[] = [];

  /** @throws UserError for a quota that does not fit the classes, a class with a quota and no item, and no steps */
  constructor({ labels, classes, quota, stepsPerEpoch, purpose = "quota" }: QuotaBatchesOptions, streams: Streams) {
    if (quota.length !== classes.length)
      throw new UserError(`quota: ${quota.length} numbers for the ${classes.length} classes ${classes.join(", ")}`);
    for (const [label, count] of quota.entries()) {
      if (!Number.isInteger(count) || count < 0)
        throw new UserError(`quota of ${classes[label]}: ${count} must be an integer from 0`);
    }
    if (quota.every((count) => count === 0)) throw new UserError("quota: one class at least must have a quota above 0");
    this.items = classes.map(() => []);
    for (let i = 0; i < labels.length; i++) {
      const items = this.items[labels[i]!];
      if (!items)
        throw new UserError(`item ${i} has label ${labels[i]}, which is none of the ${classes.length} classes`);
      items.push(i);
    }
    const empty = classes.filter((_, label) => quota[label]! > 0 && this.items[label]!.length === 0);
    if (empty.length > 0) throw new UserError(`quota: no item of class ${empty.join(", ")}, which has one`);
    const needed = quota.map((count, label) => (count === 0 ? 0 : Math.ceil(this.items[label]!.length / count)));
    this.stepsPerEpoch = stepsPerEpoch ?? Math.max(...needed);
    if (!Number.isInteger(this.stepsPerEpoch) || this.stepsPerEpoch < 1)
      throw new UserError(`steps per epoch ${stepsPerEpoch}: must be a positive integer`);
    this.quota = quota;
    this.purpose = purpose;
    this.streams = streams;
  }

  /** The items of a batch, class by class. */
  indices(epoch: number, step: number): number[] {
    checkStep(step, this.stepsPerEpoch);
    return this.quota.flatMap((count, label) =>
      Array.from({ length: count }, (_, i) => this.item(epoch, label, step * count + i)),
    );
  }

  /** The item at a place of the endless row of an epoch's shuffled orders of a class. */
  private item(epoch: number, label: number, place: number): number {
    const items = this.items[label]!;
    const pass = Math.floor(place / items.length);
    const key = `${epoch}/${pass}`;
    if (this.kept[label]?.key !== key) {
      this.kept[label] = { key, order: this.streams.stream(this.purpose, epoch, label, pass).shuffle(items) };
    }
    return this.kept[label].order[place % items.length]!;
  }
}
