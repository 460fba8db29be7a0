import { FunctionWriter, f32x4, i32, moduleBytes } from "../../audio/wasm/assembler.js";

/** Addresses and lengths in bytes. */
export interface PlacedKernel {
  /**
   * Inner products of stretches of a signal with rows of a table, between two neighbouring rows.
   *
   * @param places for each product 16 bytes: address of the stretch, address of the row (int32), share of the next row (float32)
   * @param end of the places
   * @param length of a row, a multiple of 32; the next row follows it
   * @param to receives float32; there must be room for three more
   */
  products(places: number, end: number, length: number, to: number): void;
}

/** Taps of a row come in multiples of this. */
export const TAP_GRAIN = 8;
export const PLACE_BYTES = 16;

const { add, sub, mul, load, loadSplat, shuffle, splat, store } = f32x4;
const VECTOR = 16;

/** The module's bytes. */
export function placedModule(): Uint8Array {
  const f = new FunctionWriter(4);
  const [places, to] = [f.int(f.parameter(0)), f.int(f.parameter(3))];
  const [end, length] = [f.parameter(1), f.parameter(2)];
  f.repeatWhileBelow(places, end, () => {
    const [signal, row] = [f.int(i32.load(places)), f.int(i32.load(places, 4))];
    const next = f.int(i32.add(row, length));
    const rowEnd = f.int(next);
    // Two sums for each row, so that an addition need not wait for the one before.
    const sums = [0, VECTOR].map((offset) => ({ offset, low: f.vector(splat(0)), high: f.vector(splat(0)) }));
    f.repeatWhileBelow(row, rowEnd, () => {
      for (const { offset, low, high } of sums) {
        const value = f.vector(load(signal, offset));
        f.assign(low, add(low, mul(value, load(row, offset))));
        f.assign(high, add(high, mul(value, load(next, offset))));
      }
      for (const address of [signal, row, next]) f.advance(address, i32.constant(4 * TAP_GRAIN));
    });
    const [first, second] = sums;
    const low = f.vector(add(first!.low, second!.low));
    const high = add(first!.high, second!.high);
    const between = f.vector(add(low, mul(loadSplat(places, 8), sub(high, low))));
    const pairs = f.vector(add(between, shuffle(between, between, [2, 3, 0, 1])));
    f.run(store(to, add(pairs, shuffle(pairs, pairs, [1, 0, 3, 2]))));
    f.advance(to, i32.constant(4));
    f.advance(places, i32.constant(PLACE_BYTES));
  });
  return moduleBytes({ products: f });
}
