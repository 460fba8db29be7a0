import { HalfBand } from "./halfBand.js";
import { Polyphase } from "./polyphase.js";
import { hasBlocks, SharpLowPass } from "./sharpLowPass.js";

/**
 * `high` is soxr's HQ, librosa's default: its two numbers were fitted to soxr on white noise, which it equals to 82 dB.
 * `best` goes beyond soxr's VHQ in its pass band; `fast` is for looking and listening.
 */
export type ResampleQuality = "fast" | "high" | "best";

/** Low-pass filters by name; pass bands as shares of half the lower rate, where each stop band starts. */
export const RESAMPLE_FILTERS = {
  fast: { pass: 0.8, attenuationDb: 90 },
  high: { pass: 0.913723, attenuationDb: 134.8 },
  best: { pass: 0.95, attenuationDb: 145 },
} as const satisfies Record<ResampleQuality, { pass: number; attenuationDb: number }>;

/** Raised whenever the code here changes what comes out. */
const CODE_VERSION = 2;
/** Lowest intermediate rate, in units of the lower rate: the polyphase filter needs room between band and image. */
const ROOM = 1.3;
/** Below this ratio of rates the sharp filter alone would be long. */
const FAR = 1 / 32;
/** Samples kept before the start and after the end of a halved clip; half-band filters reach less far. */
const LEAD = 32;
/** Beyond this ratio a filter would have millions of taps. */
const LARGEST_RATIO = 2000;

/** Name of a filter for feature digests: equal names, equal samples. */
export function resamplerName(quality: ResampleQuality): string {
  const { pass, attenuationDb } = RESAMPLE_FILTERS[quality];
  return `kaiser ${quality}: pass ${pass}, ${attenuationDb} dB, version ${CODE_VERSION}`;
}

/**
 * Samples at another rate by a windowed-sinc low-pass with linear phase: output j is the signal at j / toHz seconds, as
 * librosa and SciPy place it. Before and after the clip there are zeros.
 *
 * A sharp filter in the frequency domain, which changes the rate as well where numerator and denominator of the ratio have
 * only the prime factors 2, 3, 5, 7 and 11. For other ratios it changes the rate by a power of two, and a short polyphase
 * filter goes from there to the rate wanted. Far down, half-band filters come first. Filters are made once for each ratio;
 * `best` computes in float64, the others in float32.
 *
 * @param samples [samples], finite numbers
 * @param fromHz positive integer
 * @param toHz positive integer
 * @returns [ceil(samples * toHz / fromHz)], a new array
 * @throws RangeError for a rate that is no positive integer and for rates more than 2,000 times apart
 */
export function resample(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
  quality: ResampleQuality = "high",
): Float32Array {
  for (const [name, rate] of Object.entries({ fromHz, toHz })) {
    if (!Number.isInteger(rate) || rate < 1)
      throw new RangeError(`resample: ${name} must be a positive integer: ${rate}`);
  }
  if (!Object.hasOwn(RESAMPLE_FILTERS, quality)) {
    const names = Object.keys(RESAMPLE_FILTERS).join(", ");
    throw new RangeError(`resample: quality must be one of ${names}, got ${JSON.stringify(quality)}`);
  }
  if (fromHz === toHz) return samples.slice();
  const { from, to } = reduced(fromHz, toHz);
  if (Math.max(from / to, to / from) > LARGEST_RATIO) {
    throw new RangeError(`resample: ${fromHz} Hz to ${toHz} Hz is more than ${LARGEST_RATIO} times apart`);
  }
  const count = Math.ceil((samples.length * to) / from);
  const { halves, sharp, polyphase } = filtersFor(from, to, quality);
  let clip = samples;
  let lead = 0;
  for (const half of halves) {
    clip = half.apply(clip, LEAD - lead / 2);
    lead = LEAD;
  }
  if (!polyphase) {
    const all = sharp.apply(clip, lead, 0, count);
    return all instanceof Float32Array ? all : Float32Array.from(all);
  }
  const { reach } = polyphase;
  const length = Math.ceil(((clip.length - 2 * lead) * sharp.to) / sharp.from);
  const between = sharp.apply(clip, lead, reach, length + 2 * reach + 1);
  const out = new Float32Array(count);
  polyphase.apply(between, out);
  return out;
}

interface Filters {
  halves: HalfBand[];
  sharp: SharpLowPass;
  /** Absent where the ratio is a power of two. */
  polyphase?: Polyphase;
}

const made = new Map<string, Filters>();
/** Tables of an odd ratio take a few MB; those of the papers' rates are fewer than these. */
const KEPT = 16;

function filtersFor(from: number, to: number, quality: ResampleQuality): Filters {
  const key = `${from}/${to}/${quality}`;
  const known = made.get(key);
  if (known) return known;
  const filters = makeFilters(from, to, quality);
  if (made.size >= KEPT) made.delete(made.keys().next().value!);
  made.set(key, filters);
  return filters;
}

function makeFilters(from: number, to: number, quality: ResampleQuality): Filters {
  const { pass, attenuationDb } = RESAMPLE_FILTERS[quality];
  const precision = quality === "best" ? "double" : "single";
  const halves: HalfBand[] = [];
  /** The lower rate, in units of the rate reached so far. */
  let lower = Math.min(1, to / from);
  for (; lower < FAR; lower *= 2) halves.push(new HalfBand(lower / 2, attenuationDb));
  const sharpFor = (ratio: { from: number; to: number }) =>
    new SharpLowPass({ pass: (pass * lower) / 2, stop: lower / 2, attenuationDb, precision, ...ratio });
  const rest = reduced(from, to * 2 ** halves.length);
  if (hasBlocks(rest.from, rest.to)) return { halves, sharp: sharpFor(rest) };
  const power = Math.ceil(Math.log2(ROOM * lower));
  const sharp = sharpFor({ from: 2 ** Math.max(-power, 0), to: 2 ** Math.max(power, 0) });
  // Output j lies at j * from / to of the clip, 2^-halves of whose samples are 2^-power of those before the last filter.
  const shift = power - halves.length;
  const place = reduced(from * 2 ** Math.max(shift, 0), to * 2 ** Math.max(-shift, 0));
  const polyphase = new Polyphase({
    numerator: place.from,
    denominator: place.to,
    band: lower / 2 / 2 ** power,
    attenuationDb,
  });
  return { halves, sharp, polyphase };
}

/** A ratio without common factors. */
function reduced(from: number, to: number): { from: number; to: number } {
  const divisor = greatestCommonDivisor(from, to);
  return { from: from / divisor, to: to / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
