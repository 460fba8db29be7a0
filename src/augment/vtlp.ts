import type { ClipAugmentation } from "./augmentation.js";
import { warpFrequencies } from "./frequencyWarp.js";
import { libraryVtlp } from "./libraryVtlp.js";
import { checkNumber, checkRange, checkShare, drawUniform, type Range } from "./range.js";
import { checkZone, partOfZone, percent, splice, WHOLE, type Zone } from "./zone.js";

export interface VtlpOptions {
  /** Of the frequencies below the boundary. Default 0.9 to 1.1. */
  factor?: Range;
  /** Default the whole clip. */
  zone?: Zone;
  /** Share of the zone that is warped, at a random place. Default 0.1, nlpaug's. */
  coverage?: number;
  /** Default 4800, nlpaug's; `correct` lowers it to 0.8 of half the sample rate where that is less. */
  boundaryHz?: number;
  /** `library` is nlpaug's, which does nothing at 4 kHz and far too much at 10 kHz (papers.md 6.7). */
  form?: "correct" | "library";
}

/** Where the warped part lies among its possible places, and how much it is warped. */
export type Vtlp = { place: number; factor: number };

/**
 * Vocal tract length perturbation of a part of the clip (Jaitly and Hinton 2013; papers.md 6.7, decision 64). The library's
 * form may shorten the clip by up to 511 samples.
 *
 * @throws RangeError for options that are out of range
 */
export function vtlp(options: VtlpOptions = {}): ClipAugmentation<Vtlp> {
  const { factor = [0.9, 1.1], zone = WHOLE, coverage = 0.1, boundaryHz = 4800, form = "correct" } = options;
  checkRange("vtlp: factor", factor, 0);
  checkZone("vtlp: zone", zone);
  checkShare("vtlp: coverage", coverage);
  checkNumber("vtlp: boundaryHz", boundaryHz, 0);
  if (form !== "correct" && form !== "library")
    throw new RangeError(`vtlp: form must be "correct" or "library", got ${JSON.stringify(form)}`);
  return {
    name: "vtlp",
    options: { factor, zone, coverage, boundaryHz, form },
    draw: (rng) => ({ place: rng.uniform(), factor: drawUniform(rng, factor) }),
    apply: ({ samples, sampleRateHz }, parameters) => {
      checkNumber("vtlp: factor", parameters.factor, 0);
      const [start, end] = partOfZone(zone, coverage, parameters.place, samples.length);
      const part = samples.subarray(start, end);
      const other =
        form === "library"
          ? libraryVtlp(part, sampleRateHz, parameters.factor, boundaryHz)
          : warpFrequencies(part, sampleRateHz, parameters.factor, Math.min(boundaryHz, 0.4 * sampleRateHz));
      return { samples: splice(samples, start, end, other), sampleRateHz };
    },
    describe: (parameters) => {
      const [from, to] = zone;
      const start = from + parameters.place * (to - from) * (1 - coverage);
      const part = `${percent(start)} to ${percent(start + (to - from) * coverage)}`;
      return `frequencies x ${parameters.factor.toFixed(3)} from ${part}`;
    },
  };
}
