import { type Code, FunctionWriter, f32x4, f64x2, i32, moduleBytes, u32x4 } from "../../audio/wasm/assembler.js";

/** Work on float32 from one address to another, all in bytes; a multiple of 16. */
export interface MapKernel {
  /** Lowers the four numbers at `bounds` to the smallest of the values, and raises the four behind them to the largest. */
  extremes(from: number, end: number, bounds: number): void;
  /**
   * In place to decibels of a reference: first at least the floor, last at least the lowest.
   *
   * @param settings three float64: floor, reference and lowest, the last two in decibels
   * @param table for each beginning of a mantissa of `DECIBEL_TABLE_BITS` two float64: 1 / its middle and the decibels of that
   */
  decibels(from: number, end: number, settings: number, table: number): void;
  /** In place (x - shift) / scale, in double precision. @param settings two float64 */
  standardise(from: number, end: number, settings: number): void;
  /** In place (x - minimum) / range - 0.5, each step rounded. @param settings two float32 */
  toHalf(from: number, end: number, settings: number): void;
}

/** Bits of the mantissa that find a place in the table. */
export const DECIBEL_TABLE_BITS = 9;
export const DB_PER_OCTAVE = 10 * Math.log10(2);
export const DB_PER_NEPER = 10 / Math.LN10;

const VECTOR = 16;
const MANTISSA_BITS = 23;
const EXPONENT_BIAS = 127;

/** The module's bytes. */
export function mapModule(): Uint8Array {
  return moduleBytes({ extremes: extremes(), decibels: decibels(), standardise: standardise(), toHalf: toHalf() });
}

function extremes(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, bounds] = [f.int(f.parameter(0)), f.parameter(2)];
  const [smallest, largest] = [f.vector(f32x4.load(bounds)), f.vector(f32x4.load(bounds, VECTOR))];
  f.repeatWhileBelow(from, f.parameter(1), () => {
    const value = f.vector(f32x4.load(from));
    f.assign(smallest, f32x4.smaller(smallest, value));
    f.assign(largest, f32x4.larger(largest, value));
    f.advance(from, i32.constant(VECTOR));
  });
  f.run(f32x4.store(bounds, smallest), f32x4.store(bounds, largest, VECTOR));
  return f;
}

/** The steps of `decibelOf`, two values at a time. */
function decibels(): FunctionWriter {
  const f = new FunctionWriter(4);
  const [from, settings, table] = [f.int(f.parameter(0)), f.parameter(2), f.parameter(3)];
  const floorTwice = f.vector(f64x2.loadSplat(settings));
  const floor = f.vector(f32x4.fromFloat64(floorTwice, floorTwice));
  const [reference, lowest] = [f.vector(f64x2.loadSplat(settings, 8)), f.vector(f64x2.loadSplat(settings, 16))];
  const places = u32x4.splat(((1 << DECIBEL_TABLE_BITS) - 1) * VECTOR);
  const upperHalf = (a: Code): Code => f64x2.shuffle(a, a, [1, 1]);

  f.repeatWhileBelow(from, f.parameter(1), () => {
    const word = f.vector(f32x4.larger(floor, f32x4.load(from)));
    const exponent = f.vector(u32x4.shiftRight(word, MANTISSA_BITS));
    const mantissa = f.vector(u32x4.and(word, u32x4.splat((1 << MANTISSA_BITS) - 1)));
    const place = f.vector(u32x4.and(u32x4.shiftRight(word, MANTISSA_BITS - DECIBEL_TABLE_BITS - 4), places));
    const halves = [0, 2].map((lane) => {
      const half = (a: Code): Code => (lane === 0 ? a : upperHalf(a));
      const [a, b] = [lane, lane + 1].map((k) => f.vector(f32x4.load(i32.add(table, u32x4.lane(place, k)))));
      const inverse = f64x2.shuffle(a!, b!, [0, 2]);
      const middleDb = f64x2.shuffle(a!, b!, [1, 3]);
      const value = f64x2.add(
        f64x2.splat(1),
        f64x2.mul(f64x2.fromInt32(half(mantissa)), f64x2.splat(2 ** -MANTISSA_BITS)),
      );
      const rest = f.vector(f64x2.sub(f64x2.mul(value, inverse), f64x2.splat(1)));
      const square = f64x2.mul(rest, rest);
      const bend = f64x2.sub(f64x2.splat(0.5), f64x2.div(rest, f64x2.splat(3)));
      const series = f64x2.sub(rest, f64x2.mul(square, bend));
      const octaves = f64x2.sub(f64x2.fromInt32(half(exponent)), f64x2.splat(EXPONENT_BIAS));
      const db = f64x2.add(
        f64x2.add(f64x2.mul(octaves, f64x2.splat(DB_PER_OCTAVE)), middleDb),
        f64x2.mul(series, f64x2.splat(DB_PER_NEPER)),
      );
      return f.vector(f64x2.larger(lowest, f64x2.sub(db, reference)));
    });
    f.run(f32x4.store(from, f32x4.fromFloat64(halves[0]!, halves[1]!)));
    f.advance(from, i32.constant(VECTOR));
  });
  return f;
}

function standardise(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, settings] = [f.int(f.parameter(0)), f.parameter(2)];
  const [shift, scale] = [f.vector(f64x2.loadSplat(settings)), f.vector(f64x2.loadSplat(settings, 8))];
  f.repeatWhileBelow(from, f.parameter(1), () => {
    const value = f.vector(f32x4.load(from));
    const [low, high] = [value, f64x2.shuffle(value, value, [1, 1])].map((half) =>
      f64x2.div(f64x2.sub(f64x2.fromFloat32(half), shift), scale),
    );
    f.run(f32x4.store(from, f32x4.fromFloat64(low!, high!)));
    f.advance(from, i32.constant(VECTOR));
  });
  return f;
}

function toHalf(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, settings] = [f.int(f.parameter(0)), f.parameter(2)];
  const [minimum, range] = [f.vector(f32x4.loadSplat(settings)), f.vector(f32x4.loadSplat(settings, 4))];
  const half = f.vector(f32x4.splat(0.5));
  f.repeatWhileBelow(from, f.parameter(1), () => {
    f.run(f32x4.store(from, f32x4.sub(f32x4.div(f32x4.sub(f32x4.load(from), minimum), range), half)));
    f.advance(from, i32.constant(VECTOR));
  });
  return f;
}
