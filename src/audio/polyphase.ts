import { kaiserHalfLength, kaiserSinc } from "./kaiser.js";

export interface PolyphaseOptions {
  /** Output sample j lies at input sample j * numerator / denominator; without common factors. */
  numerator: number;
  denominator: number;
  /** The input holds nothing from here to 0.5, in cycles per input sample. */
  band: number;
  attenuationDb: number;
}

/** More phases than this are had by linear interpolation between these, which is right to 150 dB. */
const PHASES = 4096;

/** Values of a band-limited signal between its samples: a Kaiser-windowed sinc, tabulated for each phase. */
export class Polyphase {
  /** Input samples needed before the first and after the last output's place. */
  readonly reach: number;
  private readonly numerator: number;
  private readonly denominator: number;
  private readonly phases: number;
  /** [phases + 1, 2 * reach] */
  private readonly table: Float64Array;

  constructor({ numerator, denominator, band, attenuationDb }: PolyphaseOptions) {
    this.numerator = numerator;
    this.denominator = denominator;
    this.phases = Math.min(denominator, PHASES);
    // The images begin at 1 - band, so the transition may reach from the band's end to there.
    const half = kaiserHalfLength(attenuationDb, 1 - 2 * band) + 1;
    this.reach = half + (half % 2); // so that the taps are a multiple of four
    const taps = 2 * this.reach;
    const response = kaiserSinc(0.5, this.reach, attenuationDb);
    this.table = new Float64Array((this.phases + 1) * taps);
    for (let phase = 0; phase <= this.phases; phase++) {
      const row = this.table.subarray(phase * taps, (phase + 1) * taps);
      let sum = 0;
      for (let k = 0; k < taps; k++) {
        row[k] = response(phase / this.phases + this.reach - 1 - k);
        sum += row[k]!;
      }
      for (let k = 0; k < taps; k++) row[k]! /= sum;
    }
  }

  /**
   * @param samples item `reach` is the input's first sample; at least `reach` more follow the last output's place
   * @param out receives [outputs]
   */
  apply(samples: Float32Array | Float64Array, out: Float32Array): void {
    const { numerator, denominator, phases, table, reach } = this;
    const taps = 2 * reach;
    const whole = Math.floor(numerator / denominator);
    const rest = numerator % denominator;
    const exact = phases === denominator;
    for (let j = 0, at = 1, phase = 0; j < out.length; j++) {
      if (exact) {
        out[j] = dot(samples, at, table, phase * taps, taps);
      } else {
        const place = (phase * phases) / denominator;
        const row = Math.floor(place);
        const low = dot(samples, at, table, row * taps, taps);
        const high = dot(samples, at, table, (row + 1) * taps, taps);
        out[j] = low + (place - row) * (high - low);
      }
      at += whole;
      phase += rest;
      if (phase >= denominator) {
        phase -= denominator;
        at++;
      }
    }
  }
}

/** Four sums at once: each addition need not wait for the one before. `length` is a multiple of four. */
function dot(a: Float32Array | Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let k = 0; k < length; k += 4) {
    first += a[aAt + k]! * b[bAt + k]!;
    second += a[aAt + k + 1]! * b[bAt + k + 1]!;
    third += a[aAt + k + 2]! * b[bAt + k + 2]!;
    fourth += a[aAt + k + 3]! * b[bAt + k + 3]!;
  }
  return first + second + (third + fourth);
}
