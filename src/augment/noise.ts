import { Streams } from "../random/streams.js";
import type { ClipAugmentation } from "./augmentation.js";
import { inverseOfRealSpectrum } from "./cosineTransform.js";
import { checkNumber, checkRange, drawUniform, type Range } from "./range.js";
import { checkZone, MIDDLE, splice, type Zone, zoneBounds, zoneWords } from "./zone.js";

export interface NoiseOptions {
  /** `white`: independent samples. `library`: nlpaug's, symmetric in time. */
  form?: "white" | "library";
  /** Power of the zone over power of the noise; without it a standard deviation of 1 / sqrt(samples of the zone), nlpaug's. */
  snrDb?: Range;
  /** Default 20 % to 80 %. */
  zone?: Zone;
}

/** The seed of the noise's own stream; `snrDb` is null where the level does not depend on the signal. */
export type Noise = { seed: number; snrDb: number | null };

/**
 * Normal noise added to the zone (nlpaug `NoiseAug`, papers.md 6.7).
 *
 * @throws RangeError for options that are out of range, and for `snrDb` with the library's form, which has a level of its own
 */
export function noise({ form = "white", snrDb, zone = MIDDLE }: NoiseOptions = {}): ClipAugmentation<Noise> {
  checkZone("noise: zone", zone);
  if (snrDb) checkRange("noise: snrDb", snrDb);
  if (form !== "white" && form !== "library")
    throw new RangeError(`noise: form must be "white" or "library", got ${JSON.stringify(form)}`);
  if (form === "library" && snrDb) throw new RangeError(`noise: the library's form has no snrDb`);
  return {
    name: "noise",
    options: { form, snrDb: snrDb ?? null, zone },
    draw: (rng) => ({ seed: rng.uint32(), snrDb: snrDb ? drawUniform(rng, snrDb) : null }),
    apply: ({ samples, sampleRateHz }, parameters) => {
      if (parameters.snrDb !== null) checkNumber("noise: snrDb", parameters.snrDb);
      const [start, end] = zoneBounds(zone, samples.length);
      if (start === end) return { samples, sampleRateHz };
      const part = samples.slice(start, end);
      const deviation =
        parameters.snrDb === null ? 1 / Math.sqrt(part.length) : rms(part) * 10 ** (-parameters.snrDb / 20);
      const added =
        form === "white" ? white(part.length, deviation, parameters.seed) : library(part.length, parameters.seed);
      for (let i = 0; i < added.length; i++) part[i]! += added[i]!;
      return { samples: splice(samples, start, end, part), sampleRateHz };
    },
    describe: (parameters) =>
      `noise${parameters.snrDb === null ? "" : ` at ${parameters.snrDb.toFixed(1)} dB below the signal`}${zoneWords(zone)}`,
  };
}

/** Throws RangeError for a seed that is none. */
function normals(count: number, seed: number): Float64Array {
  const rng = new Streams(seed).stream("noise");
  return Float64Array.from({ length: count }, () => rng.normal());
}

function white(count: number, deviation: number, seed: number): Float64Array {
  return normals(count, seed).map((value) => value * deviation);
}

/**
 * The inverse Fourier transform of normal numbers without imaginary parts. Of an odd zone, nlpaug leaves one sample as it
 * is: the last.
 */
function library(count: number, seed: number): Float64Array {
  const half = Math.floor(count / 2);
  return half === 0 ? new Float64Array(0) : inverseOfRealSpectrum(normals(half + 1, seed));
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
