import { compile, instantiate, Layout } from "../audio/wasm/instance.js";
import { DECIBEL_TABLE_BITS, type MapKernel, mapModule } from "./wasm/mapKernel.js";

/** Values in one round through the kernel's memory, small enough for the processor's first caches. */
const ROUND = 4096;
/** Values that a vector holds. */
const GRAIN = 4;

/** Work on maps by vector instructions; the results are to the bit those of the plain loops beside each call. */
export class MapVectors {
  private readonly exports: MapKernel;
  private readonly at: { round: number; settings: number; table: number };
  private readonly round: Float32Array;
  private readonly bounds: Float32Array;
  private readonly settings32: Float32Array;
  private readonly settings64: Float64Array;

  constructor(module: object) {
    const layout = new Layout();
    // Away from the beginning of a page, where large arrays begin: see `pcmVectors.ts`.
    const at = {
      table: layout.place(16 << DECIBEL_TABLE_BITS),
      settings: layout.place(64),
      round: layout.place(4 * ROUND, 2048),
    };
    const { exports, memory } = instantiate<MapKernel>(module, layout.bytes);
    this.exports = exports;
    this.at = at;
    this.round = new Float32Array(memory, at.round, ROUND);
    this.bounds = new Float32Array(memory, at.settings, 2 * GRAIN);
    this.settings32 = new Float32Array(memory, at.settings, 2);
    this.settings64 = new Float64Array(memory, at.settings, 3);
    new Float64Array(memory, at.table, 2 << DECIBEL_TABLE_BITS).set(decibelTable());
  }

  /** The smallest and the largest value, at most and at least the given ones; what is not a number is passed over. */
  extremes(values: Float32Array, smallest: number, largest: number): [number, number] {
    const { bounds, round, at } = this;
    bounds.fill(smallest, 0, GRAIN);
    bounds.fill(largest, GRAIN);
    for (let start = 0; start < values.length; start += ROUND) {
      const count = this.take(values, start);
      const end = Math.ceil(count / GRAIN) * GRAIN;
      round.fill(values[start]!, count, end);
      this.exports.extremes(at.round, at.round + 4 * end, at.settings);
    }
    return [Math.min(...bounds.subarray(0, GRAIN)), Math.max(...bounds.subarray(GRAIN))];
  }

  /** Power to decibels of a reference: see `powerToDecibel`. */
  decibels(power: Float32Array, floor: number, referenceDb: number, lowestDb: number): void {
    this.settings64.set([floor, referenceDb, lowestDb]);
    const { exports, at } = this;
    this.inPlace(power, power, (end) => exports.decibels(at.round, end, at.settings, at.table));
  }

  /** (x - shift) / scale in place. */
  standardise(values: Float32Array, shift: number, scale: number): void {
    this.settings64.set([shift, scale]);
    const { exports, at } = this;
    this.inPlace(values, values, (end) => exports.standardise(at.round, end, at.settings));
  }

  /** (x - minimum) / range - 0.5, each step in single precision. */
  toHalf(values: Float32Array, minimum: number, range: number, out: Float32Array): void {
    this.settings32.set([minimum, range]);
    const { exports, at } = this;
    this.inPlace(values, out, (end) => exports.toHalf(at.round, end, at.settings));
  }

  private inPlace(values: Float32Array, out: Float32Array, work: (end: number) => void): void {
    const { round, at } = this;
    for (let start = 0; start < values.length; start += ROUND) {
      const count = this.take(values, start);
      work(at.round + 4 * Math.ceil(count / GRAIN) * GRAIN);
      out.set(count === ROUND ? round : round.subarray(0, count), start);
    }
  }

  /** @returns how many values the round has */
  private take(values: Float32Array, start: number): number {
    const count = Math.min(ROUND, values.length - start);
    this.round.set(values.subarray(start, start + count));
    return count;
  }
}

/** For each beginning of a mantissa 1 / its middle and the decibels of that, [places, 2]. */
export function decibelTable(): Float64Array {
  const places = 1 << DECIBEL_TABLE_BITS;
  const table = new Float64Array(2 * places);
  for (let i = 0; i < places; i++) {
    const middle = 1 + (i + 0.5) / places;
    table[2 * i] = 1 / middle;
    table[2 * i + 1] = 10 * Math.log10(middle);
  }
  return table;
}

let made: { vectors: MapVectors | undefined } | undefined;

/** Undefined where there are no vector instructions. */
export function mapVectors(): MapVectors | undefined {
  if (!made) {
    const module = compile(mapModule());
    made = { vectors: module && new MapVectors(module) };
  }
  return made.vectors;
}
