import type { ClipAugmentation } from "./augmentation.js";
import { checkNumber, checkRange, drawUniform, type Range } from "./range.js";
import { resampleByRatio } from "./resampleByRatio.js";
import { timeStretch } from "./timeStretch.js";
import { checkZone, MIDDLE, splice, type Zone, zoneBounds, zoneWords } from "./zone.js";

export interface PitchOptions {
  /** Upwards. Default -10 to 10. */
  semitones?: Range;
  /** Default 20 % to 80 %. */
  zone?: Zone;
}

/**
 * The zone's frequencies times 2^(semitones / 12), its length unchanged (nlpaug `PitchAug`, papers.md 6.7).
 *
 * @throws RangeError for a range or a zone that is none
 */
export function pitch({ semitones = [-10, 10], zone = MIDDLE }: PitchOptions = {}): ClipAugmentation<{
  semitones: number;
}> {
  checkRange("pitch: semitones", semitones);
  checkZone("pitch: zone", zone);
  return {
    name: "pitch",
    options: { semitones, zone },
    draw: (rng) => ({ semitones: drawUniform(rng, semitones) }),
    apply: ({ samples, sampleRateHz }, parameters) => {
      checkNumber("pitch: semitones", parameters.semitones);
      const [start, end] = zoneBounds(zone, samples.length);
      const shifted = pitchShift(samples.subarray(start, end), parameters.semitones);
      return { samples: splice(samples, start, end, shifted), sampleRateHz };
    },
    describe: (parameters) => `pitch ${signed(parameters.semitones)} semitones${zoneWords(zone)}`,
  };
}

/**
 * Stretched in time, then resampled to the old length, cut or filled up with zeros by a sample where rounding asks for it
 * (`librosa.effects.pitch_shift`).
 *
 * @param samples [samples]
 * @returns [samples]
 */
export function pitchShift(samples: Float32Array, semitones: number): Float32Array {
  const rate = 2 ** (-semitones / 12);
  const out = new Float32Array(samples.length);
  out.set(resampleByRatio(timeStretch(samples, rate), rate).subarray(0, out.length));
  return out;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}
