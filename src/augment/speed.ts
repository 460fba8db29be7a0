import type { ClipAugmentation } from "./augmentation.js";
import { checkNumber, checkRange, drawUniform, type Range } from "./range.js";
import { resampleByRatio } from "./resampleByRatio.js";
import { timeStretch } from "./timeStretch.js";
import { checkZone, MIDDLE, splice, type Zone, zoneBounds, zoneWords } from "./zone.js";

export interface SpeedOptions {
  /** Above 1 is faster. Default 0.5 to 2. */
  factor?: Range;
  /** Default 20 % to 80 %. */
  zone?: Zone;
  /** A phase vocoder keeps pitches (the default); resampling moves them with the speed, as a tape does. */
  method?: "vocoder" | "resample";
}

/**
 * The zone at another speed; the clip's length changes (nlpaug `SpeedAug`, papers.md 6.7).
 *
 * @throws RangeError for a range, a zone or a method that is none
 */
export function speed({ factor = [0.5, 2], zone = MIDDLE, method = "vocoder" }: SpeedOptions = {}): ClipAugmentation<{
  factor: number;
}> {
  checkRange("speed: factor", factor, 0);
  checkZone("speed: zone", zone);
  if (method !== "vocoder" && method !== "resample")
    throw new RangeError(`speed: method must be "vocoder" or "resample", got ${JSON.stringify(method)}`);
  return {
    name: "speed",
    options: { factor, zone, method },
    draw: (rng) => ({ factor: drawUniform(rng, factor) }),
    apply: ({ samples, sampleRateHz }, parameters) => {
      checkNumber("speed: factor", parameters.factor, 0);
      const [start, end] = zoneBounds(zone, samples.length);
      const part = samples.subarray(start, end);
      const other =
        method === "vocoder" ? timeStretch(part, parameters.factor) : resampleByRatio(part, 1 / parameters.factor);
      return { samples: splice(samples, start, end, other), sampleRateHz };
    },
    describe: (parameters) => `speed x ${parameters.factor.toFixed(2)}${zoneWords(zone)}`,
  };
}
