/**
 * WebAssembly written from TypeScript, as much of it as the kernels beside this file need: 32-bit integers, vectors of
 * four float32 or two float64, loops and memory. A module made so needs no build step and no file to fetch, and starts synchronously.
 *
 * @see WebAssembly Core Specification 2.0, section 5 (binary format)
 */

/** Instructions in binary form; an expression leaves one value. Expressions are joined by putting them into each other. */
export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  half: (a: Code): Code => [...a, 0x41, 1, 0x76],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)],
};

/** Vectors of four 32-bit integers without a sign. */
export const u32x4 = {
  splat: (value: number): Code => [...i32.constant(value), ...vector(0x11)],
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.constant(bits), ...vector(0xad)],
  and: (a: Code, b: Code): Code => [...a, ...b, ...vector(0x4e)],
  /** One of them as an integer. */
  lane: (a: Code, index: number): Code => [...a, ...vector(0x1b), index],
};

/** Vectors of two float64. */
export const f64x2 = {
  splat: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer), ...vector(0x14)],
  /** One value from memory in both places. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...vector(0x0a), 3, ...unsigned(offset)],
  add: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xf0)],
  sub: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xf1)],
  mul: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xf2)],
  div: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xf3)],
  /** a < b ? b : a, so `a` where one is NaN. */
  larger: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xf7)],
  /** The lower two of four 32-bit integers. */
  fromInt32: (a: Code): Code => [...a, ...vector(0xfe)],
  /** The lower two of four float32. */
  fromFloat32: (a: Code): Code => [...a, ...vector(0x5f)],
  /** Two of the four values of `a` (0 and 1) and `b` (2 and 3). */
  shuffle: (a: Code, b: Code, [first, second]: readonly [number, number]): Code =>
    f32x4.shuffle(a, b, [2 * first, 2 * first + 1, 2 * second, 2 * second + 1]),
};

/** Vectors of four float32; addresses are in bytes and need no alignment. */
export const f32x4 = {
  load: (address: Code, offset = 0): Code => [...address, ...vector(0x00), 2, ...unsigned(offset)],
  /** One value from memory in all four places. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...vector(0x09), 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(0x0b),
    2,
    ...unsigned(offset),
  ],
  splat: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), ...vector(0x13)],
  add: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe4)],
  sub: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe5)],
  mul: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe6)],
  div: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe7)],
  /** b < a ? b : a, so `a` where one is NaN. */
  smaller: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xea)],
  /** a < b ? b : a, so `a` where one is NaN. */
  larger: (a: Code, b: Code): Code => [...a, ...b, ...vector(0xeb)],
  zero: (): Code => [...vector(0x0c), ...Array(16).fill(0)],
  /** Four 32-bit integers, rounded. */
  fromInt32: (a: Code): Code => [...a, ...vector(0xfa)],
  /** Four 16-bit integers from memory. */
  fromInt16: (address: Code, offset = 0): Code => [
    ...address,
    ...vector(0x03),
    1,
    ...unsigned(offset),
    ...vector(0xfa),
  ],
  /** Four 8-bit integers without a sign from memory; the four behind them are read too. */
  fromUint8: (address: Code, offset = 0): Code => [
    ...address,
    ...vector(0x02),
    0,
    ...unsigned(offset),
    ...vector(0xa9),
    ...vector(0xfa),
  ],
  /** Two vectors of two float64, rounded. */
  fromFloat64: (a: Code, b: Code): Code =>
    f32x4.shuffle([...a, ...vector(0x5e)], [...b, ...vector(0x5e)], [0, 1, 4, 5]),
  /** Sixteen of the 32 bytes of `a` (0 to 15) and `b` (16 to 31). */
  shuffleBytes: (a: Code, b: Code, places: readonly number[]): Code => [...a, ...b, ...vector(0x0d), ...places],
  /** Four of the eight values of `a` (0 to 3) and `b` (4 to 7). */
  shuffle: (a: Code, b: Code, places: readonly [number, number, number, number]): Code => [
    ...a,
    ...b,
    ...vector(0x0d),
    ...places.flatMap((place) => [4 * place, 4 * place + 1, 4 * place + 2, 4 * place + 3]),
  ],
};

/** Writes the body of one function whose parameters are 32-bit integers and which returns nothing. */
export class FunctionWriter {
  readonly parameters: number;
  private readonly localTypes: number[] = [];
  private readonly code: number[] = [];

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** The value of a parameter. */
  parameter(index: number): Code {
    return [0x20, ...unsigned(index)];
  }

  /** A new integer variable; the code returned reads it. */
  int(value: Code): Code {
    return this.variable(I32, value);
  }

  /** A new vector variable; the code returned reads it. */
  vector(value: Code): Code {
    return this.variable(V128, value);
  }

  /** Appends instructions that leave nothing. */
  run(...codes: Code[]): void {
    for (const code of codes) for (const byte of code) this.code.push(byte);
  }

  /** Sets a variable. */
  assign(variable: Code, value: Code): void {
    this.run(value, [0x21, ...variable.slice(1)]);
  }

  /** Adds to an integer variable. */
  advance(variable: Code, by: Code): void {
    this.assign(variable, i32.add(variable, by));
  }

  /** Repeats `body`, at least once, as long as `variable`, which `body` advances, is below `end` (unsigned). */
  repeatWhileBelow(variable: Code, end: Code, body: () => void): void {
    this.run([0x03, 0x40]); // loop
    body();
    this.run(variable, end, [0x49, 0x0d, 0, 0x0b]); // i32.lt_u, br_if 0, end
  }

  /** The function as an entry of a module's code section. */
  entry(): number[] {
    const locals = this.localTypes.flatMap((type) => [1, type]);
    return sized([...unsigned(this.localTypes.length), ...locals, ...this.code, 0x0b]);
  }

  private variable(type: number, value: Code): Code {
    const index = unsigned(this.parameters + this.localTypes.push(type) - 1);
    this.run(value, [0x21, ...index]);
    return [0x20, ...index];
  }
}

/** The bytes of a module that imports its memory as `env.memory` and exports these functions. */
export function moduleBytes(functions: Readonly<Record<string, FunctionWriter>>): Uint8Array {
  const names = Object.keys(functions);
  const bodies = Object.values(functions);
  const types = bodies.map(({ parameters }) => [0x60, ...unsigned(parameters), ...Array(parameters).fill(I32), 0]);
  const exported = names.map((name, index) => [...text(name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text("env"), ...text("memory"), 0x02, 0x00, 1]]),
    ...section(
      3,
      bodies.map((_, index) => unsigned(index)),
    ),
    ...section(7, exported),
    ...section(
      10,
      bodies.map((body) => body.entry()),
    ),
  ]);
}

function vector(operation: number): number[] {
  return [0xfd, ...unsigned(operation)];
}

function section(id: number, entries: readonly number[][]): number[] {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return sized(Array.from(value, (character) => character.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
