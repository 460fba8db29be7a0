import { RealFft } from "../audio/fft.js";

/**
 * Real signals from half of their spectra, for sizes that are powers of two. The Hartley transform of a real signal, real
 * minus imaginary part, is its own inverse up to the size, and the forward transform gives it.
 */
export class InverseRealFft {
  readonly size: number;
  private readonly fft: RealFft;
  private readonly hartley: Float64Array;

  /** @throws RangeError unless `size` is a power of two, at least 2 */
  constructor(size: number) {
    this.size = size;
    this.fft = new RealFft(size);
    this.hartley = new Float64Array(size);
  }

  /**
   * The signal whose transform has these bins; imaginary parts of the first and the last bin are ignored, as NumPy's `irfft`
   * does.
   *
   * @param real [size / 2 + 1]
   * @param imaginary [size / 2 + 1]
   * @param out receives [size]
   */
  transform(real: Float64Array, imaginary: Float64Array, out: Float64Array): void {
    const { fft, hartley, size } = this;
    const half = size / 2;
    hartley[0] = real[0]!;
    hartley[half] = real[half]!;
    for (let k = 1; k < half; k++) {
      hartley[k] = real[k]! - imaginary[k]!;
      hartley[size - k] = real[k]! + imaginary[k]!;
    }
    fft.transform(hartley);
    out[0] = fft.real[0]! / size;
    out[half] = fft.real[half]! / size;
    for (let n = 1; n < half; n++) {
      out[n] = (fft.real[n]! - fft.imaginary[n]!) / size;
      out[size - n] = (fft.real[n]! + fft.imaginary[n]!) / size;
    }
  }
}
