import type { ItemsProgram } from "../../../src/node/batches/batchItems.js";
import { Streams } from "../../../src/random/streams.js";
import { UserError } from "../../../src/userError.js";

export interface MadeUpOptions {
  seed: number;
  /** Which item fails, and whether by bad input. */
  failing?: { epoch: number; step: number; index: number; userError: boolean };
  /** Busy milliseconds by item, so that workers finish out of order. */
  busyMs?: number;
}

/** Random numbers in the input, what the item is in the target. */
export const madeUpItems: ItemsProgram<MadeUpOptions> = {
  file: "test/node/batches/madeUpItems.ts",
  name: "madeUpItems",
  make({ seed, failing, busyMs = 0 }) {
    const streams = new Streams(seed);
    return {
      batchSize: 4,
      inputSize: 5,
      targetSize: 3,
      nameOf: (epoch, step, index) => `item ${epoch}/${step}/${index}`,
      write(epoch, step, index, input, target) {
        for (const until = performance.now() + busyMs * ((step + index) % 3); performance.now() < until; );
        if (failing?.epoch === epoch && failing.step === step && failing.index === index) {
          throw failing.userError ? new UserError("its recording is broken") : new RangeError("no such frame");
        }
        const rng = streams.stream("augment", epoch, 4 * step + index);
        // The last value stays what it was: zero.
        for (let i = 0; i < 4; i++) input[i] = rng.normal();
        target.set([epoch, step, index]);
      },
    };
  },
};
