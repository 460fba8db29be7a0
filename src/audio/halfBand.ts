import { kaiserHalfLength, kaiserSinc } from "./kaiser.js";

/**
 * Keeps every second sample behind a half-band filter: a Kaiser-windowed sinc with cutoff 0.25, whose even taps are zero but
 * for the middle one. Cheap where the band wanted is well below half the new rate.
 */
export class HalfBand {
  /** [pairs], the taps at distances 1, 3, 5, ... */
  private readonly taps: Float64Array;

  /** @param band what must stay, from 0 to here, in cycles per input sample, below 0.25 */
  constructor(band: number, attenuationDb: number) {
    const half = kaiserHalfLength(attenuationDb, 0.5 - 2 * band);
    const pairs = Math.ceil((half + 1) / 2);
    const response = kaiserSinc(0.25, 2 * pairs, attenuationDb);
    this.taps = Float64Array.from({ length: pairs }, (_, i) => response(2 * i + 1));
    // The middle tap is 0.5; the others together are the other half.
    const sum = this.taps.reduce((a, b) => a + b);
    for (let i = 0; i < pairs; i++) this.taps[i]! /= 4 * sum;
  }

  /**
   * @param samples [samples]; zeros before and after
   * @param lead output samples wanted from before the input's start, and as many from after its end
   * @returns [ceil(samples / 2) + 2 lead]; item `lead` is the sample at the input's start
   */
  apply(samples: Float32Array | Float64Array, lead: number): Float64Array {
    const { taps } = this;
    const reach = 2 * taps.length;
    const count = Math.ceil(samples.length / 2) + 2 * lead;
    const padded = new Float64Array(2 * count + 2 * reach);
    padded.set(samples, reach + 2 * lead);
    const out = new Float64Array(count);
    for (let n = 0, at = reach; n < count; n++, at += 2) {
      let sum = 0.5 * padded[at]!;
      for (let i = 0, d = 1; i < taps.length; i++, d += 2) sum += taps[i]! * (padded[at - d]! + padded[at + d]!);
      out[n] = sum;
    }
    return out;
  }
}
