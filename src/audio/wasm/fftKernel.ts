import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "./assembler.js";
import { butterfly, type Complex, complex, complexProduct } from "./butterflies.js";

/**
 * The functions of the Fourier transform, all of whose arguments are addresses and lengths in bytes.
 *
 * A complex sequence lies in memory in blocks of four points: four real parts, then four imaginary parts. Passes follow
 * Stockham: they go from one buffer to another and leave everything in order, and but for the first work on whole blocks.
 *
 * @see Van Loan, "Computational Frameworks for the Fast Fourier Transform" (1992), 1.7
 */
export interface FftKernel {
  /** First pass, radix 4, from points that lie as re, im, re, im ...; a quarter of them has `quarter` bytes. */
  first(from: number, to: number, quarter: number, twiddles: number): void;
  /** `first` with each value times the one at `window`. */
  firstWindowed(from: number, to: number, quarter: number, twiddles: number, window: number): void;
  /**
   * A pass of radix 2, 3, ...: `span` bytes hold the points that share a twiddle, `step` bytes part the points of a
   * butterfly. The last pass, whose twiddles are 1, is `last2`, `last3` ... with as many spans as `step` has.
   */
  [pass: `pass${number}`]: (from: number, to: number, span: number, step: number, twiddles: number) => void;
  [last: `last${number}`]: (from: number, to: number, step: number) => void;
  /**
   * The spectrum of a real sequence from the transform of its even samples + i * its odd samples, of `length` bytes.
   * There must be room for a block before `from` and for one behind the points, which is overwritten.
   */
  separate(from: number, real: number, imaginary: number, twiddles: number, length: number): void;
  /** Its squared magnitude up to the bin of the point at `end`, in blocks of four. */
  separatePower(from: number, power: number, twiddles: number, length: number, end: number): void;
  /** Its squared magnitude at all bins, from both ends at once. */
  separateWholePower(from: number, power: number, twiddles: number, length: number): void;
  /** The way back: from a spectrum to points that lie as im, re, im, re ..., in unscaled form. */
  unite(real: number, imaginary: number, to: number, twiddles: number, length: number): void;
  /** From blocks of real and imaginary parts, which the way back has exchanged, to samples. */
  interleave(from: number, to: number, length: number): void;
}

const { add, sub, mul, load, store, shuffle, loadSplat } = f32x4;
const BLOCK = 32;
const HALF = 16;

/** The bytes of a module that has the passes of these radices, each of 2, 3, 4, 5, 7, 8, 11. */
export function fftModule(radices: readonly number[]): Uint8Array {
  const functions: Record<string, FunctionWriter> = {
    first: firstPass(false),
    firstWindowed: firstPass(true),
    separate: separation(false),
    separatePower: separation(true),
    separateWholePower: wholePower(),
    unite: union(),
    interleave: interleaving(),
  };
  for (const radix of radices) {
    functions[`pass${radix}`] = pass(radix);
    functions[`last${radix}`] = lastPass(radix);
  }
  return moduleBytes(functions);
}

/** Twiddles of the first pass: for each block the vectors re, im of w^p, w^2p, w^3p. */
function firstPass(windowed: boolean): FunctionWriter {
  const f = new FunctionWriter(windowed ? 5 : 4);
  const [from, quarter] = [f.int(f.parameter(0)), f.parameter(2)];
  const [to, twiddles] = [f.int(f.parameter(1)), f.int(f.parameter(3))];
  const end = f.int(i32.add(from, quarter));
  const toWindow = windowed ? f.int(i32.sub(f.parameter(4), from)) : undefined;
  f.repeatWhileBelow(from, end, () => {
    const points: Complex[] = [];
    let at = from;
    for (let k = 0; k < 4; k++) {
      if (k > 0) at = f.int(i32.add(at, quarter));
      let low = load(at);
      let high = load(at, HALF);
      if (toWindow) {
        const window = f.int(i32.add(at, toWindow));
        low = mul(low, load(window));
        high = mul(high, load(window, HALF));
      }
      const [a, b] = [f.vector(low), f.vector(high)];
      points.push(complex(f, shuffle(a, b, [0, 2, 4, 6]), shuffle(a, b, [1, 3, 5, 7])));
    }
    const out = butterfly(f, points).map((value, j) =>
      j === 0
        ? value
        : complexProduct(f, value, complex(f, load(twiddles, (j - 1) * BLOCK), load(twiddles, (j - 1) * BLOCK + HALF))),
    );
    for (const [part, offset] of [
      ["re", 0],
      ["im", HALF],
    ] as const) {
      const rows = transposed(
        f,
        out.map((value) => value[part]),
      );
      rows.forEach((row, p) => {
        f.run(store(to, row, p * BLOCK + offset));
      });
    }
    f.advance(twiddles, i32.constant(3 * BLOCK));
    f.advance(to, i32.constant(4 * BLOCK));
    f.advance(from, i32.constant(BLOCK));
  });
  return f;
}

function transposed(f: FunctionWriter, [a, b, c, d]: Code[]): Code[] {
  const lowAb = f.vector(shuffle(a!, b!, [0, 4, 1, 5]));
  const highAb = f.vector(shuffle(a!, b!, [2, 6, 3, 7]));
  const lowCd = f.vector(shuffle(c!, d!, [0, 4, 1, 5]));
  const highCd = f.vector(shuffle(c!, d!, [2, 6, 3, 7]));
  return [
    shuffle(lowAb, lowCd, [0, 1, 4, 5]),
    shuffle(lowAb, lowCd, [2, 3, 6, 7]),
    shuffle(highAb, highCd, [0, 1, 4, 5]),
    shuffle(highAb, highCd, [2, 3, 6, 7]),
  ];
}

/** Twiddles: for each group the numbers re, im of w^p, w^2p, ... */
function pass(radix: number): FunctionWriter {
  const f = new FunctionWriter(5);
  const [span, step] = [f.parameter(2), f.parameter(3)];
  const [from, to, twiddles] = [f.int(f.parameter(0)), f.int(f.parameter(1)), f.int(f.parameter(4))];
  const end = f.int(i32.add(from, step));
  f.repeatWhileBelow(from, end, () => {
    const factors: Complex[] = [];
    for (let j = 1; j < radix; j++) {
      factors.push(complex(f, loadSplat(twiddles, 8 * (j - 1)), loadSplat(twiddles, 8 * (j - 1) + 4)));
    }
    const groupEnd = f.int(i32.add(from, span));
    f.repeatWhileBelow(from, groupEnd, () => {
      const out = butterfly(f, loadPoints(f, from, step, radix));
      storePoints(
        f,
        to,
        span,
        out.map((value, j) => (j === 0 ? value : complexProduct(f, value, factors[j - 1]!))),
      );
      f.advance(to, i32.constant(BLOCK));
      f.advance(from, i32.constant(BLOCK));
    });
    f.advance(to, i32.mul(span, i32.constant(radix - 1)));
    f.advance(twiddles, i32.constant(8 * (radix - 1)));
  });
  return f;
}

function lastPass(radix: number): FunctionWriter {
  const f = new FunctionWriter(3);
  const step = f.parameter(2);
  const [from, to] = [f.int(f.parameter(0)), f.int(f.parameter(1))];
  const end = f.int(i32.add(from, step));
  f.repeatWhileBelow(from, end, () => {
    storePoints(f, to, step, butterfly(f, loadPoints(f, from, step, radix)));
    f.advance(to, i32.constant(BLOCK));
    f.advance(from, i32.constant(BLOCK));
  });
  return f;
}

function loadPoints(f: FunctionWriter, from: Code, step: Code, count: number): Complex[] {
  const points = [complex(f, load(from), load(from, HALF))];
  for (let k = 1, at = from; k < count; k++) {
    at = f.int(i32.add(at, step));
    points.push(complex(f, load(at), load(at, HALF)));
  }
  return points;
}

function storePoints(f: FunctionWriter, to: Code, step: Code, points: Complex[]): void {
  let at = to;
  points.forEach(({ re, im }, j) => {
    if (j > 0) at = f.int(i32.add(at, step));
    f.run(store(at, re), store(at, im, HALF));
  });
}

/** Twiddles: for each block the vectors cos and sin of 2 pi k / size, both halved; one block more than there are points. */
function separation(power: boolean): FunctionWriter {
  const f = new FunctionWriter(5);
  const from = f.int(f.parameter(0));
  const real = f.int(f.parameter(1));
  const imaginary = power ? real : f.int(f.parameter(2));
  const twiddles = f.int(f.parameter(power ? 2 : 3));
  const length = f.parameter(power ? 3 : 4);
  const mirror = f.int(i32.add(from, length));
  const end = power ? f.parameter(4) : f.int(i32.add(mirror, i32.constant(BLOCK)));
  closeCircle(f, from, mirror);
  const half = f.vector(f32x4.splat(0.5));
  f.repeatWhileBelow(from, end, () => {
    const { even, turned } = spectraOfHalves(f, from, mirror, twiddles, half);
    const re = f.vector(add(even.re, turned.re));
    const im = f.vector(add(even.im, turned.im));
    if (power) f.run(store(real, add(mul(re, re), mul(im, im))));
    else {
      f.run(store(real, re), store(imaginary, im));
      f.advance(imaginary, i32.constant(HALF));
    }
    f.advance(real, i32.constant(HALF));
    f.advance(twiddles, i32.constant(BLOCK));
    f.advance(mirror, i32.constant(-BLOCK));
    f.advance(from, i32.constant(BLOCK));
  });
  return f;
}

/** Twiddles as `separation` has them. Bin k is even + turned, and the bin as far from the other end is their difference, conjugate. */
function wholePower(): FunctionWriter {
  const f = new FunctionWriter(4);
  const [from, power, twiddles] = [0, 1, 2].map((index) => f.int(f.parameter(index)));
  const length = f.parameter(3);
  const mirror = f.int(i32.add(from!, length));
  const end = f.int(i32.add(i32.add(from!, i32.half(length)), i32.constant(BLOCK)));
  // Four bins take half a block; the mirror images of the first four end with bin `points`.
  const mirrorPower = f.int(i32.sub(i32.add(power!, i32.half(length)), i32.constant(12)));
  closeCircle(f, from!, mirror);
  const half = f.vector(f32x4.splat(0.5));
  f.repeatWhileBelow(from!, end, () => {
    const { even, turned } = spectraOfHalves(f, from!, mirror, twiddles!, half);
    const [re, im] = [f.vector(add(even.re, turned.re)), f.vector(add(even.im, turned.im))];
    const [mirrorRe, mirrorIm] = [f.vector(sub(even.re, turned.re)), f.vector(sub(turned.im, even.im))];
    f.run(store(power!, add(mul(re, re), mul(im, im))));
    const backwards = f.vector(add(mul(mirrorRe, mirrorRe), mul(mirrorIm, mirrorIm)));
    f.run(store(mirrorPower, shuffle(backwards, backwards, [3, 2, 1, 0])));
    f.advance(power!, i32.constant(HALF));
    f.advance(mirrorPower, i32.constant(-HALF));
    f.advance(twiddles!, i32.constant(BLOCK));
    f.advance(mirror, i32.constant(-BLOCK));
    f.advance(from!, i32.constant(BLOCK));
  });
  return f;
}

/** A spectrum is periodic: the first block stands behind the last one too. */
function closeCircle(f: FunctionWriter, from: Code, mirror: Code): void {
  f.run(store(mirror, load(from)), store(mirror, load(from, HALF), HALF));
}

/** Of four points and their mirror images: the spectrum of the even samples, and that of the odd ones times their twiddles. */
function spectraOfHalves(
  f: FunctionWriter,
  from: Code,
  mirror: Code,
  twiddles: Code,
  half: Code,
): { even: Complex; turned: Complex } {
  const point = complex(f, load(from), load(from, HALF));
  const backwards = (offset: number): Code =>
    shuffle(load(mirror, offset), load(i32.sub(mirror, i32.constant(BLOCK)), offset), [0, 7, 6, 5]);
  const other = complex(f, backwards(0), backwards(HALF));
  const [cosine, sine] = [f.vector(load(twiddles)), f.vector(load(twiddles, HALF))];
  const even = complex(f, mul(add(point.re, other.re), half), mul(sub(point.im, other.im), half));
  const odd = complex(f, add(point.im, other.im), sub(other.re, point.re));
  const turned = complex(f, add(mul(odd.re, cosine), mul(odd.im, sine)), sub(mul(odd.im, cosine), mul(odd.re, sine)));
  return { even, turned };
}

/** Twiddles as `separation` has them; the result is multiplied by the number of points. */
function union(): FunctionWriter {
  const f = new FunctionWriter(5);
  const [real, imaginary, to, twiddles] = [0, 1, 2, 3].map((index) => f.int(f.parameter(index)));
  const length = f.parameter(4);
  // A block of points takes twice the bytes of four real parts; the mirror image of bin k ends at bin `points - k`.
  const mirrorReal = f.int(i32.sub(i32.add(real!, i32.half(length)), i32.constant(12)));
  const mirrorImaginary = f.int(i32.sub(i32.add(imaginary!, i32.half(length)), i32.constant(12)));
  const end = f.int(i32.add(to!, length));
  const two = f.vector(f32x4.splat(2));
  f.repeatWhileBelow(to!, end, () => {
    const point = complex(f, load(real!), load(imaginary!));
    const reversed = (address: Code): Code => {
      const value = f.vector(load(address));
      return shuffle(value, value, [3, 2, 1, 0]);
    };
    const other = complex(f, reversed(mirrorReal), reversed(mirrorImaginary));
    const cosine = f.vector(mul(load(twiddles!), two));
    const sine = f.vector(mul(load(twiddles!, HALF), two));
    const plus = complex(f, add(point.re, other.re), sub(point.im, other.im));
    const minus = complex(f, sub(point.re, other.re), add(point.im, other.im));
    const re = f.vector(sub(plus.re, add(mul(minus.im, cosine), mul(minus.re, sine))));
    const im = f.vector(add(plus.im, sub(mul(minus.re, cosine), mul(minus.im, sine))));
    f.run(store(to!, shuffle(im, re, [0, 4, 1, 5])), store(to!, shuffle(im, re, [2, 6, 3, 7]), HALF));
    for (const address of [real!, imaginary!]) f.advance(address, i32.constant(HALF));
    for (const address of [mirrorReal, mirrorImaginary]) f.advance(address, i32.constant(-HALF));
    for (const address of [to!, twiddles!]) f.advance(address, i32.constant(BLOCK));
  });
  return f;
}

function interleaving(): FunctionWriter {
  const f = new FunctionWriter(3);
  const [from, to] = [f.int(f.parameter(0)), f.int(f.parameter(1))];
  const end = f.int(i32.add(from, f.parameter(2)));
  f.repeatWhileBelow(from, end, () => {
    const [im, re] = [f.vector(load(from)), f.vector(load(from, HALF))];
    f.run(store(to, shuffle(re, im, [0, 4, 1, 5])), store(to, shuffle(re, im, [2, 6, 3, 7]), HALF));
    f.advance(to, i32.constant(BLOCK));
    f.advance(from, i32.constant(BLOCK));
  });
  return f;
}
