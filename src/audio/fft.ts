/**
 * Fourier transform of real frames of one length, a power of two: a complex transform of half the length (radix 4, with
 * one radix-2 pass where needed) and a last pass that separates even from odd samples. Float64 throughout; tables and
 * buffers are made once.
 *
 * @see Sorensen, Jones, Heideman and Burrus, "Real-valued fast Fourier transform algorithms" (IEEE ASSP 1987)
 */
export class RealFft {
  /** Samples in a frame. */
  readonly size: number;
  /** size / 2 + 1. */
  readonly bins: number;
  /** [bins], real part of the last transform, overwritten by the next. */
  readonly real: Float64Array;
  /** [bins], imaginary part. */
  readonly imaginary: Float64Array;

  private readonly half: number;
  private readonly workReal: Float64Array;
  private readonly workImaginary: Float64Array;
  private readonly bitReversed: Uint32Array;
  private readonly passes: { quarter: number; twiddles: Float64Array }[] = [];
  private readonly splitCos: Float64Array;
  private readonly splitSin: Float64Array;
  private readonly firstPassIsRadix2: boolean;

  /** @throws RangeError unless `size` is a power of two, at least 2 */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 2 || size > 2 ** 30 || (size & (size - 1)) !== 0) {
      throw new RangeError(`RealFft: size must be a power of two from 2, got ${size}`);
    }
    this.size = size;
    this.half = size / 2;
    this.bins = this.half + 1;
    this.real = new Float64Array(this.bins);
    this.imaginary = new Float64Array(this.bins);
    this.workReal = new Float64Array(this.half);
    this.workImaginary = new Float64Array(this.half);

    const bits = Math.log2(this.half);
    this.bitReversed = new Uint32Array(this.half);
    for (let i = 1; i < this.half; i++) {
      this.bitReversed[i] = (this.bitReversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
    }
    this.firstPassIsRadix2 = bits % 2 === 1;
    for (let quarter = this.firstPassIsRadix2 ? 2 : 1; quarter < this.half; quarter *= 4) {
      const twiddles = new Float64Array(6 * quarter);
      for (let j = 0; j < quarter; j++) {
        for (let power = 1; power <= 3; power++) {
          const angle = (-2 * Math.PI * power * j) / (4 * quarter);
          twiddles[6 * j + 2 * power - 2] = Math.cos(angle);
          twiddles[6 * j + 2 * power - 1] = Math.sin(angle);
        }
      }
      this.passes.push({ quarter, twiddles });
    }
    this.splitCos = Float64Array.from({ length: this.bins }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.splitSin = Float64Array.from({ length: this.bins }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  }

  /**
   * Bins 0 to size / 2 of sum over n of frame[n] exp(-2 pi i k n / size), left in `real` and `imaginary`.
   *
   * @param frame [size]
   */
  transform(frame: Float64Array): void {
    if (frame.length !== this.size) throw new RangeError(`RealFft: frame has ${frame.length} samples of ${this.size}`);
    const { workReal, workImaginary, bitReversed, half } = this;
    for (let i = 0; i < half; i++) {
      const from = 2 * bitReversed[i]!;
      workReal[i] = frame[from]!;
      workImaginary[i] = frame[from + 1]!;
    }
    if (this.firstPassIsRadix2) radix2(workReal, workImaginary);
    for (let i = 0; i < this.passes.length; i++) {
      const pass = this.passes[i]!;
      if (pass.quarter === 1) radix4First(workReal, workImaginary);
      else radix4(workReal, workImaginary, pass.quarter, pass.twiddles);
    }
    this.separate();
  }

  /** From the transform of even samples + i * odd samples to that of all samples. */
  private separate(): void {
    const { workReal: re, workImaginary: im, half, splitCos, splitSin, real, imaginary } = this;
    real[0] = re[0]! + im[0]!;
    imaginary[0] = 0;
    real[half] = re[0]! - im[0]!;
    imaginary[half] = 0;
    for (let k = 1; k < half; k++) {
      const mirror = half - k;
      const evenRe = (re[k]! + re[mirror]!) / 2;
      const evenIm = (im[k]! - im[mirror]!) / 2;
      const oddRe = (im[k]! + im[mirror]!) / 2;
      const oddIm = (re[mirror]! - re[k]!) / 2;
      real[k] = evenRe + oddRe * splitCos[k]! + oddIm * splitSin[k]!;
      imaginary[k] = evenIm + oddIm * splitCos[k]! - oddRe * splitSin[k]!;
    }
  }
}

function radix2(re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < re.length; i += 2) {
    const aRe = re[i]!;
    const aIm = im[i]!;
    const bRe = re[i + 1]!;
    const bIm = im[i + 1]!;
    re[i] = aRe + bRe;
    im[i] = aIm + bIm;
    re[i + 1] = aRe - bRe;
    im[i + 1] = aIm - bIm;
  }
}

/** `radix4` for quarters of one point, where every twiddle is 1. */
function radix4First(re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < re.length; i += 4) {
    const acRe = re[i]! + re[i + 1]!;
    const acIm = im[i]! + im[i + 1]!;
    const acReMinus = re[i]! - re[i + 1]!;
    const acImMinus = im[i]! - im[i + 1]!;
    const bdRe = re[i + 2]! + re[i + 3]!;
    const bdIm = im[i + 2]! + im[i + 3]!;
    const bdReMinus = re[i + 2]! - re[i + 3]!;
    const bdImMinus = im[i + 2]! - im[i + 3]!;
    re[i] = acRe + bdRe;
    im[i] = acIm + bdIm;
    re[i + 1] = acReMinus + bdImMinus;
    im[i + 1] = acImMinus - bdReMinus;
    re[i + 2] = acRe - bdRe;
    im[i + 2] = acIm - bdIm;
    re[i + 3] = acReMinus - bdImMinus;
    im[i + 3] = acImMinus + bdReMinus;
  }
}

function radix4(re: Float64Array, im: Float64Array, quarter: number, twiddles: Float64Array): void {
  for (let block = 0; block < re.length; block += 4 * quarter) {
    for (let j = 0, t = 0; j < quarter; j++, t += 6) {
      // Bit-reversed order puts the sub-sequences with remainders 0, 2, 1, 3 behind each other.
      const a = block + j;
      const c = a + quarter;
      const b = c + quarter;
      const d = b + quarter;
      const bRe = re[b]! * twiddles[t]! - im[b]! * twiddles[t + 1]!;
      const bIm = re[b]! * twiddles[t + 1]! + im[b]! * twiddles[t]!;
      const cRe = re[c]! * twiddles[t + 2]! - im[c]! * twiddles[t + 3]!;
      const cIm = re[c]! * twiddles[t + 3]! + im[c]! * twiddles[t + 2]!;
      const dRe = re[d]! * twiddles[t + 4]! - im[d]! * twiddles[t + 5]!;
      const dIm = re[d]! * twiddles[t + 5]! + im[d]! * twiddles[t + 4]!;
      const acRe = re[a]! + cRe;
      const acIm = im[a]! + cIm;
      const acReMinus = re[a]! - cRe;
      const acImMinus = im[a]! - cIm;
      const bdRe = bRe + dRe;
      const bdIm = bIm + dIm;
      const bdReMinus = bRe - dRe;
      const bdImMinus = bIm - dIm;
      re[a] = acRe + bdRe;
      im[a] = acIm + bdIm;
      re[c] = acReMinus + bdImMinus;
      im[c] = acImMinus - bdReMinus;
      re[b] = acRe - bdRe;
      im[b] = acIm - bdIm;
      re[d] = acReMinus - bdImMinus;
      im[d] = acImMinus + bdReMinus;
    }
  }
}
