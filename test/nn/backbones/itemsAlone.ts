import { expect } from "vitest";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

const ITEMS = 7;
/** What the issue demands, relative to an item's largest logit. */
const TOLERANCE = 1e-5;

/** Expects an item's logits to be those it has alone: in a batch of all, turned round, and in threes with a short last one. */
export function expectItemsAlone(model: TensorFlow.LayersModel, rows: number, frames: number, channels: number): void {
  const size = rows * frames * channels;
  const values = Float32Array.from(noise(ITEMS * size, 2000));
  const logits = (items: number[]) =>
    tf.tidy(() => {
      const parts = items.map((item) =>
        tf.tensor(values.subarray(item * size, (item + 1) * size), [rows, frames, channels]),
      );
      return ((model.apply(tf.stack(parts)) as TensorFlow.Tensor2D).arraySync() as number[][]).map((row, i) => ({
        item: items[i]!,
        row,
      }));
    });
  const all = [...Array(ITEMS).keys()];
  const alone = all.map((item) => logits([item])[0]!.row);
  const batches = [all, all.slice().reverse(), [3, 0, 5], [6, 1, 2], [4]];
  for (const { item, row } of batches.flatMap(logits)) {
    const wanted = alone[item]!;
    const largest = Math.max(...wanted.map(Math.abs));
    const off = Math.max(...row.map((value, i) => Math.abs(value - wanted[i]!)));
    expect(off / largest, `item ${item}`).toBeLessThan(TOLERANCE);
    expect(row.indexOf(Math.max(...row)), `item ${item}`).toBe(wanted.indexOf(Math.max(...wanted)));
  }
}
