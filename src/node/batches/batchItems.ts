import type { ExportPlace } from "../workers/exportPlace.js";

/** How the items of each batch are made. Pure: what is written is a function of epoch, step and index alone. */
export interface BatchItems {
  readonly batchSize: number;
  /** Values of one item's input, and of its target. */
  readonly inputSize: number;
  readonly targetSize: number;
  /** Writes an item; what it does not write is zero. */
  write(epoch: number, step: number, index: number, input: Float32Array, target: Float32Array): void;
  /** The item's name, for messages. */
  nameOf(epoch: number, step: number, index: number): string;
}

/** The same in this thread and in workers. Options are plain data, typed arrays and shared memory. */
export interface ItemsProgram<Options> extends ExportPlace {
  make(options: Options): BatchItems | Promise<BatchItems>;
}

/** One batch's values. */
export interface BatchValues {
  /** [batchSize * inputSize] */
  inputs: Float32Array;
  /** [batchSize * targetSize] */
  targets: Float32Array;
}

export function newValues({ batchSize, inputSize, targetSize }: Omit<BatchItems, "write" | "nameOf">): BatchValues {
  const shared = (count: number) => new Float32Array(new SharedArrayBuffer(4 * count));
  return { inputs: shared(batchSize * inputSize), targets: shared(batchSize * targetSize) };
}

/** Makes a batch in place. Throws as `write` does, with the item's name in front. */
export function writeBatch(items: BatchItems, epoch: number, step: number, { inputs, targets }: BatchValues): void {
  const { batchSize, inputSize, targetSize } = items;
  inputs.fill(0);
  targets.fill(0);
  for (let i = 0; i < batchSize; i++) {
    try {
      items.write(
        epoch,
        step,
        i,
        inputs.subarray(i * inputSize, (i + 1) * inputSize),
        targets.subarray(i * targetSize, (i + 1) * targetSize),
      );
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      error.message = `${items.nameOf(epoch, step, i)} (epoch ${epoch}, step ${step + 1}): ${error.message}`;
      throw error;
    }
  }
}
