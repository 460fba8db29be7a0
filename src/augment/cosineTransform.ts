import { RealFft } from "../audio/fft.js";
import { InverseRealFft } from "./inverseRealFft.js";

/**
 * The inverse Fourier transform of a real spectrum, of any length: NumPy's `irfft` of an array without imaginary parts. The
 * result is symmetric, out[n] = out[size - n]. By Bluestein's chirp transform, since sizes are no powers of two.
 *
 * @param spectrum [half + 1], at least two bins
 * @returns [2 * half]
 */
export function inverseOfRealSpectrum(spectrum: Float64Array): Float64Array {
  const half = spectrum.length - 1;
  const size = 2 * half;
  if (half < 1) throw new RangeError(`inverseOfRealSpectrum: needs at least 2 bins, got ${spectrum.length}`);
  // sum over k of w[k] S[k] cos(2 pi k n / size) is the real part of chirp[n] times a convolution with the chirp, because
  // 2 k n = k^2 + n^2 - (n - k)^2.
  const length = 2 ** Math.ceil(Math.log2(2 * half + 1));
  const angle = (k: number) => (Math.PI * ((k * k) % (2 * size))) / size;
  const cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos(angle(k)));
  const sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin(angle(k)));
  const weighted = spectrum.map((value, k) => (k === 0 || k === half ? value : 2 * value));

  const fft = new RealFft(length);
  const [signalCos, signalSin, chirpCos, chirpSin] = [
    transformed(fft, (k) => weighted[k]! * cos[k]!, half, false),
    transformed(fft, (k) => weighted[k]! * sin[k]!, half, false),
    transformed(fft, (k) => cos[k]!, half, true),
    transformed(fft, (k) => sin[k]!, half, true),
  ];
  const inverse = new InverseRealFft(length);
  const real = convolution(inverse, signalCos, chirpCos, signalSin, chirpSin, 1);
  const imaginary = convolution(inverse, signalCos, chirpSin, signalSin, chirpCos, -1);
  const out = new Float64Array(size);
  for (let n = 0; n <= half; n++) {
    const value = (cos[n]! * real[n]! + sin[n]! * imaginary[n]!) / size;
    out[n] = value;
    if (n > 0) out[size - n] = value;
  }
  return out;
}

interface Bins {
  real: Float64Array;
  imaginary: Float64Array;
}

/** Transform of values 0 to `half`, and of their mirror image before 0 where asked for, the rest zeros. */
function transformed(fft: RealFft, value: (k: number) => number, half: number, mirrored: boolean): Bins {
  const frame = new Float64Array(fft.size);
  for (let k = 0; k <= half; k++) {
    frame[k] = value(k);
    if (mirrored && k > 0) frame[fft.size - k] = value(k);
  }
  fft.transform(frame);
  return { real: fft.real.slice(), imaginary: fft.imaginary.slice() };
}

/** a * b + sign * c * d, where * is circular convolution. */
function convolution(inverse: InverseRealFft, a: Bins, b: Bins, c: Bins, d: Bins, sign: 1 | -1): Float64Array {
  const real = a.real.map(
    (_, k) =>
      a.real[k]! * b.real[k]! -
      a.imaginary[k]! * b.imaginary[k]! +
      sign * (c.real[k]! * d.real[k]! - c.imaginary[k]! * d.imaginary[k]!),
  );
  const imaginary = a.real.map(
    (_, k) =>
      a.real[k]! * b.imaginary[k]! +
      a.imaginary[k]! * b.real[k]! +
      sign * (c.real[k]! * d.imaginary[k]! + c.imaginary[k]! * d.real[k]!),
  );
  const out = new Float64Array(inverse.size);
  inverse.transform(real, imaginary, out);
  return out;
}
