import { describe, expect, test } from "vitest";
import { drawMixUp } from "../../../src/augment/mixDraws.js";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { type BatchItems, newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { mixUpItems } from "../../../src/node/batches/mixUpItems.js";
import { Streams } from "../../../src/random/streams.js";
import { tf } from "../../../src/tensorflow.js";

const BATCH = 7;
const INPUTS = 5;

/** Item i of every step: random inputs of its own, of which the first i are not written; the target tells which item it is. */
const items: BatchItems = {
  batchSize: BATCH,
  inputSize: INPUTS,
  targetSize: BATCH,
  nameOf: (epoch, step, index) => `item ${epoch}/${step}/${index}`,
  write(epoch, step, index, input, target) {
    const rng = new Streams(9).stream("augment", epoch, step, index);
    for (let k = index; k < INPUTS; k++) input[k] = rng.normal();
    target[index] = 1;
  },
};

/** Rows of a batch. */
function batchOf(made: BatchItems, epoch: number, step: number): { inputs: number[][]; targets: number[][] } {
  const values = newValues(made);
  writeBatch(made, epoch, step, values);
  const rows = (all: Float32Array, size: number) =>
    Array.from({ length: made.batchSize }, (_, i) => [...all.subarray(i * size, (i + 1) * size)]);
  return { inputs: rows(values.inputs, made.inputSize), targets: rows(values.targets, made.targetSize) };
}

const settings = { alpha: 1, seed: 3 };
const mixed = mixUpItems(items, settings);
const places: [epoch: number, step: number][] = [
  [1, 0],
  [1, 1],
  [20, 1],
];

describe("MixUp of a batch's items", () => {
  test.each(places)(
    "epoch %i, step %i: the formula, with the shares and partners that the targets show",
    (epoch, step) => {
      const plain = batchOf(items, epoch, step);
      const { inputs, targets } = batchOf(mixed, epoch, step);
      const { lambda, partners } = drawMixUp(new Streams(3).stream("mixup", epoch, step), 1, BATCH);
      targets.forEach((target, i) => {
        const wanted = Array.from({ length: BATCH }, () => 0);
        wanted[i]! += lambda;
        wanted[partners[i]!]! += 1 - lambda;
        expect(target).toEqual(wanted.map(Math.fround));
        inputs[i]!.forEach((value, k) => {
          const mean = lambda * plain.inputs[i]![k]! + (1 - lambda) * plain.inputs[partners[i]!]![k]!;
          // Half a unit in the last place of float32.
          expect(Math.abs(value - mean)).toBeLessThanOrEqual(2 ** -24 * Math.abs(mean));
        });
      });
    },
  );

  test("the sum over the batch stays what it was: each item is a partner once", () => {
    for (const [epoch, step] of places) {
      const [before, after] = [batchOf(items, epoch, step), batchOf(mixed, epoch, step)];
      for (const part of ["inputs", "targets"] as const) {
        const sum = (rows: number[][]) => rows[0]!.map((_, k) => rows.reduce((total, row) => total + row[k]!, 0));
        const [wanted, found] = [sum(before[part]), sum(after[part])];
        for (const [k, value] of found.entries()) expect(Math.abs(value - wanted[k]!)).toBeLessThan(2e-6);
      }
    }
  });

  test("an item is a function of epoch, step and index alone, in whatever order they are asked for", () => {
    const wanted = new Map(places.map((place) => [place, batchOf(mixUpItems(items, settings), ...place)]));
    const asked = places.flatMap((place) => Array.from({ length: BATCH }, (_, i) => ({ place, i })));
    const order = new Streams(1).stream("order").shuffle(asked);
    const again = mixUpItems(items, settings);
    for (const { place, i } of order) {
      const input = new Float32Array(INPUTS);
      const target = new Float32Array(BATCH);
      again.write(...place, i, input, target);
      expect([...input]).toEqual(wanted.get(place)!.inputs[i]);
      expect([...target]).toEqual(wanted.get(place)!.targets[i]);
    }
  });

  test("shares are new with every step and seed, and 1/2 in the mean", () => {
    const steps = 2000;
    let total = 0;
    const seen = new Set<number>();
    for (let step = 0; step < steps; step++) {
      const pair = mixUpItems({ ...items, batchSize: 2 }, { alpha: 1, seed: step % 2 });
      const target = new Float32Array(BATCH);
      pair.write(1, step, 0, new Float32Array(INPUTS), target);
      // Half of the permutations of two leave each alone: its share is 1 then.
      if (target[0] === 1) continue;
      seen.add(target[0]!);
      total += target[0]!;
    }
    expect(Math.abs(seen.size / steps - 1 / 2)).toBeLessThan((4 * 0.5) / Math.sqrt(steps));
    // Beta(1, 1) is uniform, of variance 1 / 12.
    expect(Math.abs(total / seen.size - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / seen.size));
  });

  test.each([
    [1e-3, (share: number) => Math.min(share, 1 - share) < 0.01],
    [1e6, (share: number) => Math.abs(share - 0.5) < 0.01],
  ])("alpha %d: one item or the other, or halves", (alpha, expected) => {
    const made = mixUpItems(items, { alpha, seed: 3 });
    const shares = Array.from({ length: 50 }, (_, step) => batchOf(made, 1, step).targets.flat()).flat();
    // Zeros are targets of other items.
    for (const share of shares) expect(share === 0 || share === 1 || expected(share)).toBe(true);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  test("an item that is its own partner, as the one item of a batch is, stays as it is", () => {
    const one = { ...items, batchSize: 1 };
    expect(batchOf(mixUpItems(one, settings), 1, 4)).toEqual(batchOf(one, 1, 4));
  });

  test("cross-entropy against mixed targets is lambda NLL(y_i) + (1 - lambda) NLL(y_j)", () => {
    const [epoch, step] = [2, 5];
    const { lambda, partners } = drawMixUp(new Streams(3).stream("mixup", epoch, step), 1, BATCH);
    const rng = new Streams(6).stream("logits");
    const logits = Array.from({ length: BATCH }, () => Array.from({ length: BATCH }, () => 3 * rng.normal()));
    const nll = (row: number[], label: number) =>
      Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!;
    const wanted = logits
      .map((row, i) => lambda * nll(row, i) + (1 - lambda) * nll(row, partners[i]!))
      .reduce((sum, loss) => sum + loss / BATCH, 0);
    const { targets } = batchOf(mixed, epoch, step);
    const found = tf.tidy(() => crossEntropy(tf.tensor2d(logits), tf.tensor2d(targets)).dataSync()[0]!);
    expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-6);
  });

  test("a failing item is named, also where it is the partner of another", () => {
    const { partners } = drawMixUp(new Streams(3).stream("mixup", 1, 0), 1, BATCH);
    // The last item fails; it is met first as the partner of an earlier one.
    const broken = BATCH - 1;
    const first = partners.indexOf(broken);
    expect(first).toBeLessThan(broken);
    const failing: BatchItems = {
      ...items,
      write(epoch, step, index, input, target) {
        if (index === broken) throw new RangeError("no such frame");
        items.write(epoch, step, index, input, target);
      },
    };
    expect(() => batchOf(mixUpItems(failing, settings), 1, 0)).toThrow(
      `item 1/0/${first} (epoch 1, step 1): mixed with item 1/0/${broken}: no such frame`,
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("alpha %d is refused", (alpha) => {
    expect(() => mixUpItems(items, { alpha, seed: 3 })).toThrow(
      `mixUpItems: alpha must be a positive number, got ${alpha}`,
    );
  });
});
