import { PlainRealFft } from "./plainRealFft.js";
import { checkFrame, SimdRealFft, simdFftKernel } from "./simdRealFft.js";

/** Fourier transform of real sequences of one length, there and back, in buffers that are used again. */
export interface RealFft {
  /** Samples in a frame. */
  readonly size: number;
  /** size / 2 + 1. */
  readonly bins: number;
  /** [size], what `forward` reads and `inverse` writes. */
  readonly samples: Float32Array | Float64Array;
  /** [bins], real parts of bins 0 to size / 2: what `forward` writes and `inverse` reads. */
  readonly real: Float32Array | Float64Array;
  /** [bins], imaginary parts; for `inverse` the first and the last must be 0. */
  readonly imaginary: Float32Array | Float64Array;
  /** X[k] = sum over n of samples[n] exp(-2 pi i k n / size). */
  forward(): void;
  /** samples[n] = sum over all `size` bins of X[k] exp(2 pi i k n / size): `size` times the sequence whose spectrum X is. */
  inverse(): void;
}

/** Power spectra of windowed frames of a stretch of samples. */
export interface FramePower {
  /** Samples in a frame. */
  readonly size: number;
  /** size / 2 + 1. */
  readonly bins: number;
  /** [capacity], to be filled before `measure`. */
  readonly samples: Float32Array | Float64Array;
  /** [bins], written by `measure`. */
  readonly power: Float32Array | Float64Array;
  /**
   * Power |X|^2 of the frame samples[start] to samples[start + size - 1] times the window.
   *
   * @param bins so many of the lowest are wanted, at least one; what `power` holds behind them is of no account. Default all
   * @throws RangeError for a frame that is not within `samples`
   */
  measure(start: number, bins?: number): void;
}

/** `single` is float32 by vector instructions where the machine has them, `double` float64 throughout. */
export type Precision = "single" | "double";

/**
 * A transform of `size` points. In single precision the error of a bin is about 1e-7 of the root of the mean square of all
 * bins; that is also what sizes without a vector kernel (not a multiple of 32) and machines without vectors stay below.
 *
 * @param size even, a product of 2, 3, 5, 7 and 11
 * @throws RangeError for other sizes
 */
export function realFft(size: number, precision: Precision = "single"): RealFft {
  const kernel = precision === "single" ? simdFftKernel(size) : undefined;
  return kernel ? new SimdRealFft(size, kernel) : new PlainRealFft(size);
}

/**
 * Power spectra with this window; see `realFft`.
 *
 * @param window [size], even, a product of 2, 3, 5, 7 and 11
 * @param capacity length of `samples`, at least `size`, which is the default
 * @throws RangeError for other sizes
 */
export function framePower(
  window: ArrayLike<number>,
  capacity: number = window.length,
  precision: Precision = "single",
): FramePower {
  const size = window.length;
  if (!Number.isInteger(capacity) || capacity < size) {
    throw new RangeError(`framePower: capacity must be an integer from ${size}, got ${capacity}`);
  }
  const kernel = precision === "single" ? simdFftKernel(size) : undefined;
  return kernel
    ? new SimdRealFft(size, kernel, { window, capacity })
    : new PlainFramePower(new PlainRealFft(size), window, capacity);
}

class PlainFramePower implements FramePower {
  readonly size: number;
  readonly bins: number;
  readonly samples: Float64Array;
  readonly power: Float64Array;
  private readonly fft: PlainRealFft;
  private readonly window: Float64Array;

  constructor(fft: PlainRealFft, window: ArrayLike<number>, capacity: number) {
    this.fft = fft;
    this.size = fft.size;
    this.bins = fft.bins;
    this.window = Float64Array.from(window);
    this.samples = new Float64Array(capacity);
    this.power = new Float64Array(fft.bins);
  }

  measure(start: number, bins: number = this.bins): void {
    const { fft, window, samples, power } = this;
    checkFrame(start, fft.size, samples.length);
    for (let i = 0; i < window.length; i++) fft.samples[i] = samples[start + i]! * window[i]!;
    fft.forward();
    for (let k = 0; k < bins; k++) power[k] = fft.real[k]! ** 2 + fft.imaginary[k]! ** 2;
  }
}
