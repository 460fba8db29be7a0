import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "./assembler.js";

/**
 * Samples to float32, all arguments addresses in bytes; the output begins at `to`. Lengths are multiples of the grain, of
 * which `means` and `check` take the half.
 */
export interface PcmKernel {
  /** By encoding and bits: `integer8` (which is unsigned), `integer16`, `integer24`, `integer32`, `float64`. */
  [convert: `${"integer" | "float"}${number}`]: (from: number, to: number, toEnd: number) => void;
  /** Of each two neighbours their mean. */
  means(from: number, to: number, toEnd: number): void;
  /** Adds 0 to the sixteen numbers at `sums` for values that are finite, and NaN for others. */
  check(from: number, end: number, sums: number): void;
}

/** Samples that are converted at once; the last of 24 bits read 4 bytes beyond their own. */
export const PCM_GRAIN = 32;

const VECTOR = 16;

/** The module's bytes. */
export function pcmModule(): Uint8Array {
  return moduleBytes({
    integer8: converter(1, 2 ** -7, (address, offset) =>
      f32x4.add(f32x4.fromUint8(address, offset), f32x4.splat(-128)),
    ),
    integer16: converter(2, 2 ** -15, (address, offset) => f32x4.fromInt16(address, offset)),
    // Each sample in the upper three bytes of four, so that its sign is where it belongs.
    integer24: converter(3, 2 ** -31, (address, offset) =>
      f32x4.fromInt32(
        f32x4.shuffleBytes(f32x4.zero(), f32x4.load(address, offset), [
          ...[0, 16, 17, 18],
          ...[0, 19, 20, 21],
          ...[0, 22, 23, 24],
          ...[0, 25, 26, 27],
        ]),
      ),
    ),
    integer32: converter(4, 2 ** -31, (address, offset) => f32x4.fromInt32(f32x4.load(address, offset))),
    float64: converter(8, 1, (address, offset) =>
      f32x4.fromFloat64(f32x4.load(address, offset), f32x4.load(address, offset + VECTOR)),
    ),
    means: means(),
    check: check(),
  });
}

function converter(sampleBytes: number, scale: number, four: (address: Code, offset: number) => Code): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, to] = [f.int(f.parameter(0)), f.int(f.parameter(1))];
  const factor = f.vector(f32x4.splat(scale));
  f.repeatWhileBelow(to, f.parameter(2), () => {
    for (let place = 0; place < PCM_GRAIN; place += 4) {
      f.run(f32x4.store(to, f32x4.mul(four(from, place * sampleBytes), factor), 4 * place));
    }
    f.advance(from, i32.constant(PCM_GRAIN * sampleBytes));
    f.advance(to, i32.constant(4 * PCM_GRAIN));
  });
  return f;
}

function means(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, to] = [f.int(f.parameter(0)), f.int(f.parameter(1))];
  const half = f.vector(f32x4.splat(0.5));
  const bytes = 2 * PCM_GRAIN;
  f.repeatWhileBelow(to, f.parameter(2), () => {
    for (let place = 0; place < bytes; place += VECTOR) {
      const [a, b] = [0, VECTOR].map((offset) => f.vector(f32x4.load(from, 2 * place + offset)));
      const sum = f32x4.add(f32x4.shuffle(a!, b!, [0, 2, 4, 6]), f32x4.shuffle(a!, b!, [1, 3, 5, 7]));
      f.run(f32x4.store(to, f32x4.mul(sum, half), place));
    }
    f.advance(from, i32.constant(2 * bytes));
    f.advance(to, i32.constant(bytes));
  });
  return f;
}

/** x - x is 0, and NaN for what is not finite. */
function check(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, end, at] = [f.int(f.parameter(0)), f.parameter(1), f.parameter(2)];
  const offsets = [0, 1, 2, 3].map((k) => k * VECTOR);
  const sums = offsets.map((offset) => f.vector(f32x4.load(at, offset)));
  f.repeatWhileBelow(from, end, () => {
    sums.forEach((sum, k) => {
      const value = f.vector(f32x4.load(from, offsets[k]!));
      f.assign(sum, f32x4.add(sum, f32x4.sub(value, value)));
    });
    f.advance(from, i32.constant(sums.length * VECTOR));
  });
  sums.forEach((sum, k) => {
    f.run(f32x4.store(at, sum, offsets[k]!));
  });
  return f;
}
