/** Cosine-sum windows by name: `a[0] - a[1] cos(2 pi n / size) + a[2] cos(4 pi n / size)`. */
const COEFFICIENTS = {
  hann: [0.5, 0.5, 0],
  hamming: [0.54, 0.46, 0],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1, 0, 0],
} as const;

export type WindowName = keyof typeof COEFFICIENTS;

/**
 * A periodic window: what librosa, SciPy (`get_window(name, size)`, `fftbins=True`) and torch use for spectra.
 *
 * @param size in samples
 * @returns [size]
 * @throws RangeError for an unknown name and a size below 1
 */
export function periodicWindow(name: WindowName, size: number): Float64Array {
  if (!Object.hasOwn(COEFFICIENTS, name)) {
    const names = Object.keys(COEFFICIENTS).join(", ");
    throw new RangeError(`periodicWindow: window must be one of ${names}, got ${JSON.stringify(name)}`);
  }
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`periodicWindow: size must be at least 1, got ${size}`);
  const [a, b, c] = COEFFICIENTS[name];
  return Float64Array.from({ length: size }, (_, n) => {
    const angle = (2 * Math.PI * n) / size;
    return a - b * Math.cos(angle) + c * Math.cos(2 * angle);
  });
}

/** The periodic Hann window, 0.5 - 0.5 cos(2 pi n / size): see `periodicWindow`. */
export function periodicHann(size: number): Float64Array {
  return periodicWindow("hann", size);
}
