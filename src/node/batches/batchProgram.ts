import { type ExportPlace, loadExport } from "../workers/exportPlace.js";
import type { JobProgram } from "../workers/jobProgram.js";
import { type BatchItems, type BatchValues, type ItemsProgram, writeBatch } from "./batchItems.js";

export interface BatchProgramOptions {
  items: BatchItems | { place: ExportPlace; options: unknown };
  slots: readonly BatchValues[];
}

export interface BatchJob {
  slot: number;
  epoch: number;
  step: number;
}

/** Makes batches in the slots of a `BatchRing`. Answers the seconds that one took. */
export const batchProgram: JobProgram<BatchProgramOptions, BatchJob, number> = {
  file: "src/node/batches/batchProgram.ts",
  name: "batchProgram",
  async start({ items: given, slots }) {
    const items =
      "write" in given ? given : await (await loadExport<ItemsProgram<unknown>>(given.place)).make(given.options);
    return {
      run({ slot, epoch, step }) {
        const started = performance.now();
        writeBatch(items, epoch, step, slots[slot]!);
        return (performance.now() - started) / 1000;
      },
    };
  },
};
