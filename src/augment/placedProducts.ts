import { compile, instantiate, Layout } from "../audio/wasm/instance.js";
import { PLACE_BYTES, type PlacedKernel, placedModule, TAP_GRAIN } from "./wasm/placedKernel.js";

/** Products in one call of the kernel. */
const ROUND = 1024;

/** Inner products of stretches of a signal with rows of a filter, by vector instructions, in memory that is used again. */
export class PlacedProducts {
  private readonly module: object;
  private exports: PlacedKernel | undefined;
  private tableValues = new Float32Array(0);
  private signalValues = new Float32Array(0);
  private outValues = new Float32Array(0);
  private integers = new Int32Array(0);
  private shares = new Float32Array(0);
  private at = { table: 0, signal: 0, places: 0, out: 0 };
  private key = Number.NaN;
  private stride = 0;

  constructor(module: object) {
    this.module = module;
  }

  /**
   * Makes room.
   *
   * @param key of the table
   * @param rows of the table
   * @param taps of a row
   * @param samples of the signal
   * @param fill writes the table, [rows, stride] with zeros behind the taps; called where the table here has another key
   * @returns [samples or more], for the signal, all zeros
   */
  open(
    key: number,
    rows: number,
    taps: number,
    samples: number,
    fill: (table: Float32Array, stride: number) => void,
  ): Float32Array {
    const stride = Math.ceil(taps / TAP_GRAIN) * TAP_GRAIN;
    const length = samples + TAP_GRAIN;
    if (rows * stride > this.tableValues.length || length > this.signalValues.length) {
      const table = Math.max(rows * stride, this.tableValues.length);
      this.makeRoom(table, Math.max(length, this.signalValues.length));
    }
    if (key !== this.key) {
      this.key = key;
      this.stride = stride;
      fill(this.tableValues.fill(0, 0, rows * stride), stride);
    }
    return this.signalValues.fill(0, 0, length);
  }

  /**
   * out[j] = sum over the taps of signal[start + tap] * (row of the table, `share` of the way to the next row).
   *
   * @param placeOf start, row and share of a product
   */
  compute(out: Float32Array, placeOf: (j: number) => readonly [start: number, row: number, share: number]): void {
    const { exports, at, integers, shares, outValues, stride } = this;
    for (let first = 0; first < out.length; first += ROUND) {
      const count = Math.min(ROUND, out.length - first);
      for (let j = 0; j < count; j++) {
        const [start, row, share] = placeOf(first + j);
        integers[4 * j] = at.signal + 4 * start;
        integers[4 * j + 1] = at.table + 4 * stride * row;
        shares[4 * j + 2] = share;
      }
      exports!.products(at.places, at.places + PLACE_BYTES * count, 4 * stride, at.out);
      out.set(outValues.subarray(0, count), first);
    }
  }

  private makeRoom(tableLength: number, signalLength: number): void {
    const layout = new Layout();
    this.at = {
      table: layout.place(4 * tableLength),
      signal: layout.place(4 * signalLength),
      places: layout.place(PLACE_BYTES * ROUND),
      out: layout.place(4 * ROUND + 16),
    };
    const { exports, memory } = instantiate<PlacedKernel>(this.module, layout.bytes);
    this.exports = exports;
    this.key = Number.NaN;
    this.tableValues = new Float32Array(memory, this.at.table, tableLength);
    this.signalValues = new Float32Array(memory, this.at.signal, signalLength);
    this.integers = new Int32Array(memory, this.at.places, 4 * ROUND);
    this.shares = new Float32Array(memory, this.at.places, 4 * ROUND);
    this.outValues = new Float32Array(memory, this.at.out, ROUND);
  }
}

let made: { products: PlacedProducts | undefined } | undefined;

/** One for all, whose table and memory are used again; undefined where there are no vector instructions. */
export function placedProducts(): PlacedProducts | undefined {
  if (!made) {
    const module = compile(placedModule());
    made = { products: module && new PlacedProducts(module) };
  }
  return made.products;
}
