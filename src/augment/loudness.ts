import type { ClipAugmentation } from "./augmentation.js";
import { checkNumber, checkRange, drawUniform, type Range } from "./range.js";
import { checkZone, MIDDLE, splice, type Zone, zoneBounds, zoneWords } from "./zone.js";

export interface LoudnessOptions {
  /** Factor of the samples. Default 0.5 to 2. */
  gain?: Range;
  /** Default 20 % to 80 %. */
  zone?: Zone;
}

/** The zone times a factor (nlpaug `LoudnessAug`, papers.md 6.7). Throws RangeError for a range or a zone that is none. */
export function loudness({ gain = [0.5, 2], zone = MIDDLE }: LoudnessOptions = {}): ClipAugmentation<{ gain: number }> {
  checkRange("loudness: gain", gain, 0);
  checkZone("loudness: zone", zone);
  return {
    name: "loudness",
    options: { gain, zone },
    draw: (rng) => ({ gain: drawUniform(rng, gain) }),
    apply: ({ samples, sampleRateHz }, parameters) => {
      checkNumber("loudness: gain", parameters.gain, 0);
      const [start, end] = zoneBounds(zone, samples.length);
      const louder = samples.subarray(start, end).map((sample) => sample * parameters.gain);
      return { samples: splice(samples, start, end, louder), sampleRateHz };
    },
    describe: (parameters) => `loudness x ${parameters.gain.toFixed(2)}${zoneWords(zone)}`,
  };
}
