/**
 * Periodic Hann window, 0.5 - 0.5 cos(2 pi n / size): what librosa, SciPy (`fftbins=True`) and torch use for spectra.
 *
 * @param size in samples
 * @returns [size]
 */
export function periodicHann(size: number): Float64Array {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`periodicHann: size must be at least 1, got ${size}`);
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
}
