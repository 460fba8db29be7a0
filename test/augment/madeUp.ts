/**
 * The made-up sound of the constants here. In Python:
 *
 *     def lcg(n, seed=1):
 *         out, s = [], seed
 *         for _ in range(n):
 *             s = (1664525 * s + 1013904223) % 2**32
 *             out.append(s / 2**31 - 1)
 *         return np.array(out)
 *     def made_up(n, sr=4000):
 *         t = np.arange(n) / sr
 *         return (0.3 * np.sin(2 * np.pi * (100 * t + 400 * t * t)) + 0.1 * lcg(n)).astype(np.float32).astype(np.float64)
 *     def pick(y, k=12):
 *         return y[:: len(y) // k][:k]
 */
export function madeUp(count: number, sampleRateHz = 4000): Float32Array {
  const noise = lcg(count);
  return Float32Array.from(noise, (value, n) => {
    const t = n / sampleRateHz;
    return 0.3 * Math.sin(2 * Math.PI * (100 * t + 400 * t * t)) + 0.1 * value;
  });
}

export function lcg(count: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function pick(values: Float32Array, count = 12): number[] {
  const step = Math.floor(values.length / count);
  return Array.from({ length: count }, (_, i) => values[i * step]!);
}

export function rms(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);
}

export function tone(count: number, hz: number, sampleRateHz: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * hz * n) / sampleRateHz));
}

/** Frequency and amplitude of the strongest tone from `lowHz` to `highHz`, by the transform's sum under a Hann window. */
export function strongest(
  samples: Float32Array,
  sampleRateHz: number,
  lowHz: number,
  highHz: number,
): { hz: number; amplitude: number } {
  const count = samples.length;
  const windowed = Float64Array.from(samples, (x, n) => x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / count)));
  let best = { hz: 0, amplitude: 0 };
  for (let hz = lowHz; hz <= highHz; hz += 0.5) {
    // Goertzel's recurrence.
    const turn = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
    let last = 0;
    let before = 0;
    for (const value of windowed) [before, last] = [last, value + turn * last - before];
    const amplitude = (4 * Math.sqrt(last * last + before * before - turn * last * before)) / count;
    if (amplitude > best.amplitude) best = { hz, amplitude };
  }
  return best;
}

/** Largest difference of two lists of one length. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
