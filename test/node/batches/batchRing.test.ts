import { describe, expect, it } from "vitest";
import { BatchRing, type BatchRingOptions } from "../../../src/node/batches/batchRing.js";
import { Streams } from "../../../src/random/streams.js";
import { UserError } from "../../../src/userError.js";
import { type MadeUpOptions, madeUpItems } from "./madeUpItems.js";

const EPOCHS = 3;
const STEPS = 5;

async function withRing<T>(
  settings: Partial<BatchRingOptions<MadeUpOptions>>,
  use: (ring: BatchRing<MadeUpOptions>) => Promise<T>,
): Promise<T> {
  const ring = await BatchRing.open({
    ...{ program: madeUpItems, options: { seed: 5, busyMs: 1 }, workers: 0, epochs: EPOCHS, stepsPerEpoch: STEPS },
    ...settings,
  });
  try {
    return await use(ring);
  } finally {
    await ring.close();
  }
}

async function copyOf(ring: BatchRing<MadeUpOptions>, epoch: number, step: number) {
  const { inputs, targets } = await ring.take(epoch, step);
  return { inputs: Array.from(inputs), targets: Array.from(targets) };
}

/** What the batch must hold, from the streams alone. */
function expected(seed: number, epoch: number, step: number) {
  const items = [0, 1, 2, 3];
  const streams = new Streams(seed);
  return {
    inputs: items.flatMap((index) => {
      const rng = streams.stream("augment", epoch, 4 * step + index);
      return [...Float32Array.from({ length: 4 }, () => rng.normal()), 0];
    }),
    targets: items.flatMap((index) => [epoch, step, index]),
  };
}

describe("a ring of batches", () => {
  it.each([
    [0, undefined],
    [1, undefined],
    [1, 2],
    [2, undefined],
    [3, 7],
  ])("gives the same bytes in the same order with %i workers and %s slots", async (workers, slots) => {
    await withRing({ workers, slots }, async (ring) => {
      for (let epoch = 1; epoch <= EPOCHS; epoch++)
        for (let step = 0; step < STEPS; step++)
          expect(await copyOf(ring, epoch, step)).toEqual(expected(5, epoch, step));
      expect(ring.times.batches).toBe(EPOCHS * STEPS);
      expect(ring.times.secondsMaking).toBeGreaterThan(0);
    });
  });

  it.each([0, 2])("gives any other batch when it is asked for, with %i workers", async (workers) => {
    await withRing({ workers }, async (ring) => {
      for (const [epoch, step] of [
        [2, 3],
        [2, 4],
        [1, 0],
        [3, 4],
        [1, 1],
        [1, 2],
        [1, 2],
        [9, 9],
      ] as const)
        expect(await copyOf(ring, epoch, step)).toEqual(expected(5, epoch, step));
    });
  });

  it("leaves a batch alone until the next is taken, while others are made", async () => {
    await withRing({ workers: 2, options: { seed: 6 } }, async (ring) => {
      const first = await ring.take(1, 0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(Array.from(first.targets)).toEqual(expected(6, 1, 0).targets);
    });
  });

  it.each([0, 1, 3])("tells the item's name when its batch is taken, with %i workers", async (workers) => {
    for (const userError of [true, false]) {
      const options = { seed: 5, failing: { epoch: 1, step: 3, index: 2, userError } };
      await withRing({ workers, options }, async (ring) => {
        for (let step = 0; step < 3; step++) expect(await copyOf(ring, 1, step)).toEqual(expected(5, 1, step));
        const taking = (async () => ring.take(1, 3))();
        const what = userError ? "its recording is broken" : "no such frame";
        await expect(taking).rejects.toThrow(`item 1/3/2 (epoch 1, step 4): ${what}`);
        expect((await taking.catch((error) => error)) instanceof UserError).toBe(userError);
      });
    }
  });

  it("ends its threads in the middle of a batch", async () => {
    const ring = await BatchRing.open({
      ...{ program: madeUpItems, options: { seed: 5, busyMs: 60_000 }, workers: 2, epochs: 1, stepsPerEpoch: STEPS },
    });
    const taking = Promise.resolve(ring.take(1, 1));
    const failed = expect(taking).rejects.toThrow(/ended/);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await ring.close();
    await failed;
    await expect((async () => ring.take(1, 2))()).rejects.toThrow(/closed|ended/);
  });

  it("says what is wrong with its program", async () => {
    const nameless = { ...madeUpItems, name: "nothing" };
    await withRing({ workers: 1, program: nameless }, async (ring) => {
      await expect((async () => ring.take(1, 0))()).rejects.toThrow(
        "test/node/batches/madeUpItems.ts exports no nothing",
      );
    });
    await expect(withRing({ workers: 1, slots: 1 }, async () => {})).rejects.toThrow("slots must be 2 or more");
  });
});
