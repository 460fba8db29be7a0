import { BINS, complexStft, HOP, inverseStft } from "./complexStft.js";
import { warped } from "./frequencyWarp.js";

/**
 * Where nlpaug 1.1 moves each bin. It takes the bins for frequencies from 0 to the sample rate, not to half of it, and then
 * scales them so that the highest stays below the last bin (papers.md 6.7).
 *
 * @returns [1025], from 0 to 1024
 * @throws RangeError where its formula leaves that range, which it does around 9,600 Hz
 */
export function libraryVtlpBins(sampleRateHz: number, factor: number, boundaryHz: number): Float64Array {
  const warp = { factor, boundary: boundaryHz, end: sampleRateHz / 2 };
  const hz = Float64Array.from({ length: BINS }, (_, i) => warped(warp, (i / (BINS - 1)) * sampleRateHz));
  const highest = hz.reduce((a, b) => Math.max(a, b));
  const bins = hz.map((value) => value * ((BINS - 1) / highest));
  // The last two are not moved, or moved between two bins that are there.
  if (!bins.subarray(0, -1).every((bin) => bin >= 0 && bin < BINS - 1))
    throw new RangeError(
      `VTLP, library form: factor ${factor} at ${sampleRateHz} Hz with a boundary of ${boundaryHz} Hz moves bins out of the spectrum`,
    );
  return bins;
}

/**
 * nlpaug 1.1's vocal tract length perturbation: each bin but the first and the last is shared among the two nearest to its
 * new place, phases unchanged.
 *
 * @param samples [samples]
 * @returns [512 * floor(samples / 512)]: an incomplete last hop is lost
 */
export function libraryVtlp(
  samples: Float32Array,
  sampleRateHz: number,
  factor: number,
  boundaryHz: number,
): Float32Array {
  const bins = libraryVtlpBins(sampleRateHz, factor, boundaryHz);
  const { frames, real, imaginary } = complexStft(samples);
  const out = { frames, real: new Float64Array(real.length), imaginary: new Float64Array(real.length) };
  for (let at = 0; at < real.length; at += BINS) {
    for (const [from, to] of [
      [real, out.real],
      [imaginary, out.imaginary],
    ] as const) {
      to[at]! += from[at]!;
      for (let i = 1; i < BINS - 1; i++) {
        const lower = Math.floor(bins[i]!);
        const share = bins[i]! - lower;
        to[at + lower]! += (1 - share) * from[at + i]!;
        to[at + lower + 1]! += share * from[at + i]!;
      }
      to[at + BINS - 1]! += from[at + BINS - 1]!;
    }
  }
  return inverseStft(out, HOP * (frames - 1));
}
