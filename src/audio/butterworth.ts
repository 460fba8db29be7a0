/** One section of a filter: (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2). */
export interface Section {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

export interface BandPassOptions {
  /** Of the low-pass prototype; the band-pass has twice as many poles, as with SciPy. */
  order: number;
  /** Corners, where the gain is -3 dB. */
  lowHz: number;
  highHz: number;
  sampleRateHz: number;
}

/**
 * Butterworth band-pass in second-order sections: the analogue prototype, moved to the band, through the bilinear transform
 * with its corners bent beforehand. The same filter as SciPy's `butter(order, [low, high], "bandpass", output="sos", fs=rate)`,
 * with one zero at 0 Hz and one at half the rate in each section; poles nearer to the unit circle come later.
 *
 * @returns [order]
 * @throws RangeError unless order is from 1 to 20 and 0 < lowHz < highHz < sampleRateHz / 2
 */
export function butterworthBandPass({ order, lowHz, highHz, sampleRateHz }: BandPassOptions): Section[] {
  if (!Number.isInteger(order) || order < 1 || order > 20) {
    throw new RangeError(`butterworthBandPass: order must be an integer from 1 to 20, got ${order}`);
  }
  if (!(lowHz > 0 && lowHz < highHz && highHz < sampleRateHz / 2)) {
    throw new RangeError(
      `butterworthBandPass: corners must lie between 0 and ${sampleRateHz / 2} Hz (half the rate) and rise, got ${lowHz} and ${highHz} Hz`,
    );
  }
  // In units of twice the sample rate, where the bilinear transform is z = (1 + s) / (1 - s).
  const low = Math.tan((Math.PI * lowHz) / sampleRateHz);
  const high = Math.tan((Math.PI * highHz) / sampleRateHz);
  const width = high - low;
  const sections: Section[] = [];
  let gain = 1;
  for (let k = 0; k < Math.ceil(order / 2); k++) {
    // Prototype poles of the upper half plane, and the real one of odd orders; each gives two poles of the band-pass.
    const angle = (Math.PI * (2 * k + 1 + order)) / (2 * order);
    const real = 2 * k + 1 === order;
    const halfRe = (width / 2) * Math.cos(angle);
    const halfIm = real ? 0 : (width / 2) * Math.sin(angle);
    const root = complexRoot(halfRe * halfRe - halfIm * halfIm - low * high, 2 * halfRe * halfIm);
    const poles = [
      { re: halfRe + root.re, im: halfIm + root.im },
      { re: halfRe - root.re, im: halfIm - root.im },
    ];
    for (const { re, im } of real ? poles.slice(0, 1) : poles) {
      // A pole and its mirror image; the two of the real prototype pole may be real themselves.
      const sum = real ? 2 * halfRe : 2 * re;
      const product = real ? low * high : re * re + im * im;
      // (1 - z1 s)(1 - z2 s) of the transform: the denominator at s = 1 / 1.
      const scale = 1 - sum + product;
      gain *= width / scale;
      sections.push({ b0: 1, b1: 0, b2: -1, a1: (2 * product - 2) / scale, a2: (1 + sum + product) / scale });
    }
  }
  sections.sort((a, b) => a.a2 - b.a2);
  sections[0]!.b0 *= gain;
  sections[0]!.b2 *= gain;
  return sections;
}

function complexRoot(re: number, im: number): { re: number; im: number } {
  const size = Math.hypot(re, im);
  const root = Math.sqrt((size + Math.abs(re)) / 2);
  if (root === 0) return { re: 0, im: 0 };
  const other = im / (2 * root);
  return re >= 0 ? { re: root, im: other } : { re: Math.abs(other), im: im < 0 ? -root : root };
}
