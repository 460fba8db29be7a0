import { BINS, complexStft, FFT_SIZE, HOP, inverseStft } from "./complexStft.js";

/** Frequencies to frequencies: `factor` times below the boundary, then straight to the fixed upper end. */
export interface FrequencyWarp {
  factor: number;
  /** Of the lower and the upper frequency at the bend, the higher. */
  boundary: number;
  /** Stays where it is; in the boundary's unit. */
  end: number;
}

/** Where a frequency goes (Jaitly and Hinton, "Vocal tract length perturbation improves speech recognition", 2013). */
export function warped({ factor, boundary, end }: FrequencyWarp, frequency: number): number {
  const to = boundary * Math.min(factor, 1);
  const from = to / factor;
  return frequency <= from ? frequency * factor : end - ((end - to) / (end - from)) * (end - frequency);
}

/** Where a frequency comes from: the inverse of `warped`. */
export function unwarped({ factor, boundary, end }: FrequencyWarp, frequency: number): number {
  const to = boundary * Math.min(factor, 1);
  const from = to / factor;
  return frequency <= to ? frequency / factor : end - ((end - from) / (end - to)) * (end - frequency);
}

/**
 * The sound with its frequencies warped, in its own time. Magnitudes are read where they come from; phases go on by the warped
 * frequency that each bin really has, so that a tone stays one tone. (Moving the bins alone leaves the phases of its old
 * frequency, and frames cancel each other.)
 *
 * @param samples [samples]
 * @param boundaryHz at most half of `sampleRateHz`, exclusive
 * @returns [samples]
 */
export function warpFrequencies(
  samples: Float32Array,
  sampleRateHz: number,
  factor: number,
  boundaryHz: number,
): Float32Array {
  if (samples.length === 0) return samples.slice();
  const warp = { factor, boundary: (boundaryHz / sampleRateHz) * FFT_SIZE, end: BINS - 1 };
  const { frames, real, imaginary } = complexStft(samples);
  const source = Float64Array.from({ length: BINS }, (_, k) => Math.min(Math.max(unwarped(warp, k), 0), BINS - 1));
  const magnitude = new Float64Array(BINS + 1);
  let phase = new Float64Array(BINS);
  let before = new Float64Array(BINS);
  const advance = new Float64Array(BINS);
  const reached = new Float64Array(BINS);
  for (let t = 0; t < frames; t++) {
    [before, phase] = [phase, before];
    for (let i = 0, at = t * BINS; i < BINS; i++, at++) {
      magnitude[i] = Math.sqrt(real[at]! * real[at]! + imaginary[at]! * imaginary[at]!);
      // Seen from the frame's centre, the bins of one tone have one phase; seen from its start, signs alternate.
      phase[i] = Math.atan2(imaginary[at]!, real[at]!) + (i % 2) * Math.PI;
      const frequency = (phaseAdvance(before[i]!, phase[i]!, i) * FFT_SIZE) / (2 * Math.PI * HOP);
      advance[i] = (warped(warp, frequency) * 2 * Math.PI * HOP) / FFT_SIZE;
    }
    for (let k = 0, at = t * BINS; k < BINS; k++, at++) {
      const nearest = Math.round(source[k]!);
      const lower = Math.floor(source[k]!);
      const share = source[k]! - lower;
      const size = (1 - share) * magnitude[lower]! + share * magnitude[lower + 1]!;
      reached[k] = t === 0 ? phase[nearest]! : reached[k]! + advance[nearest]!;
      const angle = reached[k]! - (k % 2) * Math.PI;
      real[at] = size * Math.cos(angle);
      imaginary[at] = size * Math.sin(angle);
    }
  }
  return inverseStft({ frames, real, imaginary }, samples.length);
}

/** Radians from a frame to the next in bin k: what its centre frequency gives, and the rest wrapped to -pi to pi. */
function phaseAdvance(from: number, to: number, k: number): number {
  const expected = (2 * Math.PI * HOP * k) / FFT_SIZE;
  const rest = to - from - expected;
  return expected + rest - 2 * Math.PI * Math.round(rest / (2 * Math.PI));
}
