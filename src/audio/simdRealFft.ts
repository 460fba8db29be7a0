import { type FftKernel, fftModule } from "./wasm/fftKernel.js";
import { compile, instantiate, Layout } from "./wasm/instance.js";

const BLOCK = 32;
/** The first pass is of radix 4, and takes four butterflies at a time. */
const GRAIN = 32;
const LARGEST = 2 ** 22;

/** By radices; undefined where there are no vector instructions. */
const modules = new Map<string, object | undefined>();

/**
 * The compiled kernel for a size, or undefined: there are transforms of 32 times a product of 2, 3, 5, 7 and 11 points, and
 * only where WebAssembly has vectors.
 */
export function simdFftKernel(size: number): object | undefined {
  const order = Number.isInteger(size / GRAIN) && size > 0 && size <= LARGEST ? radices(size / 8) : undefined;
  if (!order) return undefined;
  const key = [...new Set(order)].join();
  if (!modules.has(key)) modules.set(key, compile(fftModule(order)));
  return modules.get(key);
}

export interface SimdRealFftOptions {
  /** [size], for `power`; default: ones. */
  window?: ArrayLike<number>;
  /** Length of `samples`, default `size`. */
  capacity?: number;
}

/** `RealFft` and `FramePower` in float32, by the kernel on a memory of its own. */
export class SimdRealFft {
  readonly size: number;
  readonly bins: number;
  readonly samples: Float32Array;
  readonly real: Float32Array;
  readonly imaginary: Float32Array;
  /** [bins], what `measure` writes; the same memory as `real`. */
  readonly power: Float32Array;
  private readonly kernel: FftKernel;
  private readonly passes: ((from: number, to: number) => void)[] = [];
  /** Two buffers of points, between which the passes go. */
  private readonly buffers: readonly [number, number];
  private readonly at: { samples: number; real: number; imaginary: number; window: number };
  private readonly firstTwiddles: number;
  private readonly splitTwiddles: number;
  /** Bytes of all points. */
  private readonly length: number;

  /** @param module what `simdFftKernel` gave for this size */
  constructor(size: number, module: object, { window, capacity = size }: SimdRealFftOptions = {}) {
    const points = size / 2;
    const order = radices(points / 4)!;
    this.size = size;
    this.bins = points + 1;
    this.length = 8 * points;

    const layout = new Layout();
    // One block before and one behind the points for the mirror images.
    this.buffers = [layout.place(this.length + 2 * BLOCK) + BLOCK, layout.place(this.length + 2 * BLOCK) + BLOCK];
    this.firstTwiddles = layout.place(6 * points);
    this.splitTwiddles = layout.place(this.length + BLOCK);
    let rest = points / 4;
    const twiddles = order.map((radix) => {
      const groups = rest / radix;
      rest = groups;
      return { radix, groups, address: layout.place(8 * (radix - 1) * groups) };
    });
    this.at = {
      real: layout.place(4 * points + 16),
      imaginary: layout.place(4 * points + 16),
      samples: layout.place(4 * capacity),
      window: layout.place(window ? 4 * size : 0),
    };
    const { exports, memory } = instantiate<FftKernel>(module, layout.bytes);
    this.kernel = exports;
    this.real = new Float32Array(memory, this.at.real, this.bins);
    this.imaginary = new Float32Array(memory, this.at.imaginary, this.bins);
    this.power = this.real;
    this.samples = new Float32Array(memory, this.at.samples, capacity);
    if (window) new Float32Array(memory, this.at.window, size).set(window);

    writeFirstTwiddles(new Float32Array(memory, this.firstTwiddles, 1.5 * points), points);
    writeSplitTwiddles(new Float32Array(memory, this.splitTwiddles, 2 * points + 8), size);
    let span = BLOCK;
    for (const { radix, groups, address } of twiddles) {
      writeTwiddles(new Float32Array(memory, address, 2 * (radix - 1) * groups), radix, groups);
      const [spanNow, step] = [span, span * groups];
      if (groups === 1) {
        const last = exports[`last${radix}`]!;
        this.passes.push((from, to) => last(from, to, step));
      } else {
        const pass = exports[`pass${radix}`]!;
        this.passes.push((from, to) => pass(from, to, spanNow, step, address));
      }
      span *= radix;
    }
  }

  forward(): void {
    this.kernel.first(this.at.samples, this.buffers[0], this.length / 4, this.firstTwiddles);
    const points = this.runPasses();
    this.kernel.separate(points, this.at.real, this.at.imaginary, this.splitTwiddles, this.length);
    this.imaginary[this.bins - 1] = 0; // to rounding it is so already
  }

  inverse(): void {
    const [first, second] = this.buffers;
    this.kernel.unite(this.at.real, this.at.imaginary, second, this.splitTwiddles, this.length);
    this.kernel.first(second, first, this.length / 4, this.firstTwiddles);
    this.kernel.interleave(this.runPasses(), this.at.samples, this.length);
  }

  /** |X|^2 of `samples[start]` and those behind it times the window, left in `power`; `real` is overwritten. */
  measure(start: number, bins: number = this.bins): void {
    checkFrame(start, this.size, this.samples.length);
    const from = this.at.samples + 4 * start;
    this.kernel.firstWindowed(from, this.buffers[0], this.length / 4, this.firstTwiddles, this.at.window);
    const points = this.runPasses();
    const { at, splitTwiddles, length } = this;
    // From both ends at once it takes 0.6 of the time.
    if (bins > 0.6 * this.bins) this.kernel.separateWholePower(points, at.real, splitTwiddles, length);
    else this.kernel.separatePower(points, at.real, splitTwiddles, length, points + 8 * bins);
  }

  /** All passes but the first; the address of the buffer that holds the result. */
  private runPasses(): number {
    let [from, to] = this.buffers;
    for (let i = 0; i < this.passes.length; i++) {
      this.passes[i]!(from, to);
      [from, to] = [to, from];
    }
    return from;
  }
}

/** @throws RangeError for a frame that is not within so many samples */
export function checkFrame(start: number, size: number, capacity: number): void {
  if (!(Number.isInteger(start) && start >= 0 && start + size <= capacity)) {
    throw new RangeError(`measure: start must be an integer from 0 to ${capacity - size}, got ${start}`);
  }
}

/** [points / 16, powers 1 to 3, re and im, 4] */
function writeFirstTwiddles(table: Float32Array, points: number): void {
  for (let p = 0; p < points / 4; p++) {
    for (let power = 1; power <= 3; power++) {
      const angle = (-2 * Math.PI * power * p) / points;
      const at = 24 * (p >> 2) + 8 * (power - 1) + (p & 3);
      table[at] = Math.cos(angle);
      table[at + 4] = Math.sin(angle);
    }
  }
}

/** [points / 4 + 1, cosine and sine, 4] */
function writeSplitTwiddles(table: Float32Array, size: number): void {
  for (let k = 0; k < table.length / 2; k++) {
    const angle = (2 * Math.PI * k) / size;
    const at = 8 * (k >> 2) + (k & 3);
    table[at] = Math.cos(angle) / 2;
    table[at + 4] = Math.sin(angle) / 2;
  }
}

/** [groups, powers 1 to radix - 1, re and im] */
function writeTwiddles(table: Float32Array, radix: number, groups: number): void {
  for (let p = 0, at = 0; p < groups; p++) {
    for (let power = 1; power < radix; power++, at += 2) {
      const angle = (-2 * Math.PI * power * p) / (radix * groups);
      table[at] = Math.cos(angle);
      table[at + 1] = Math.sin(angle);
    }
  }
}

/** The passes behind the first one for so many butterflies; undefined where other primes are in the number. */
function radices(count: number): number[] | undefined {
  const order: number[] = [];
  let rest = count;
  for (const radix of [11, 7, 5, 3]) {
    for (; rest % radix === 0; rest /= radix) order.push(radix);
  }
  // Eight points are had in one pass, which has no twiddles where it is the last.
  for (; rest % 4 === 0 && rest !== 8; rest /= 4) order.push(4);
  if (rest !== 1 && rest !== 2 && rest !== 8) return undefined;
  return rest === 1 ? order : [...order, rest];
}
