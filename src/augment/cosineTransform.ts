import { type Precision, type RealFft, realFft } from "../audio/realFft.js";

/**
 * The inverse Fourier transform of a real spectrum, of any length: NumPy's `irfft` of an array without imaginary parts. The
 * result is symmetric, out[n] = out[size - n]. By Bluestein's chirp transform, since sizes are no powers of two.
 *
 * @param spectrum [half + 1], at least two bins
 * @param precision of the transforms within
 * @returns [2 * half]
 */
export function inverseOfRealSpectrum(spectrum: Float64Array, precision: Precision = "single"): Float64Array {
  const half = spectrum.length - 1;
  const size = 2 * half;
  if (half < 1) throw new RangeError(`inverseOfRealSpectrum: needs at least 2 bins, got ${spectrum.length}`);
  // sum over k of w[k] S[k] cos(2 pi k n / size) is the real part of chirp[n] times a convolution with the chirp, because
  // 2 k n = k^2 + n^2 - (n - k)^2.
  const length = Math.max(2 ** Math.ceil(Math.log2(2 * half + 1)), 32);
  const angle = (k: number) => (Math.PI * ((k * k) % (2 * size))) / size;
  const cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos(angle(k)));
  const sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin(angle(k)));
  const weighted = spectrum.map((value, k) => (k === 0 || k === half ? value : 2 * value));

  const fft = realFft(length, precision);
  const [signalCos, signalSin, chirpCos, chirpSin] = [
    transformed(fft, (k) => weighted[k]! * cos[k]!, half, false),
    transformed(fft, (k) => weighted[k]! * sin[k]!, half, false),
    transformed(fft, (k) => cos[k]!, half, true),
    transformed(fft, (k) => sin[k]!, half, true),
  ];
  const real = convolution(fft, signalCos, chirpCos, signalSin, chirpSin, 1);
  const imaginary = convolution(fft, signalCos, chirpSin, signalSin, chirpCos, -1);
  const out = new Float64Array(size);
  for (let n = 0; n <= half; n++) {
    const value = (cos[n]! * real[n]! + sin[n]! * imaginary[n]!) / size;
    out[n] = value;
    if (n > 0) out[size - n] = value;
  }
  return out;
}

interface Bins {
  real: RealFft["real"];
  imaginary: RealFft["imaginary"];
}

/** Transform of values 0 to `half`, and of their mirror image before 0 where asked for, the rest zeros. */
function transformed(fft: RealFft, value: (k: number) => number, half: number, mirrored: boolean): Bins {
  const frame = fft.samples.fill(0);
  for (let k = 0; k <= half; k++) {
    frame[k] = value(k);
    if (mirrored && k > 0) frame[fft.size - k] = value(k);
  }
  fft.forward();
  return { real: fft.real.slice(), imaginary: fft.imaginary.slice() };
}

/** a * b + sign * c * d, where * is circular convolution. */
function convolution(fft: RealFft, a: Bins, b: Bins, c: Bins, d: Bins, sign: 1 | -1): RealFft["samples"] {
  for (let k = 0; k < fft.bins; k++) {
    fft.real[k] =
      a.real[k]! * b.real[k]! -
      a.imaginary[k]! * b.imaginary[k]! +
      sign * (c.real[k]! * d.real[k]! - c.imaginary[k]! * d.imaginary[k]!);
    fft.imaginary[k] =
      a.real[k]! * b.imaginary[k]! +
      a.imaginary[k]! * b.real[k]! +
      sign * (c.real[k]! * d.imaginary[k]! + c.imaginary[k]! * d.real[k]!);
  }
  fft.imaginary[0] = 0;
  fft.imaginary[fft.bins - 1] = 0;
  fft.inverse();
  return fft.samples.map((value) => value / fft.size);
}
