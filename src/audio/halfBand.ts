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
  apply(samples: Float32Array, lead: number): Float32Array {
    const pairs = this.taps.length;
    const out = new Float32Array(Math.ceil(samples.length / 2) + 2 * lead);
    const even = new Float64Array(CHUNK);
    /** Item `pairs + j` stands right behind item j of the even ones. */
    const odd = new Float64Array(CHUNK + 2 * pairs);
    for (let start = 0; start < out.length; start += CHUNK) {
      const count = Math.min(CHUNK, out.length - start);
      const centre = 2 * (start - lead);
      everySecond(samples, centre, even, count);
      everySecond(samples, centre + 1 - 2 * pairs, odd, count + 2 * pairs);
      this.sums(even, odd, out, start, count);
    }
    return out;
  }

  /** Four outputs at a time: each tap is loaded once for them. What is computed beyond `count` is dropped. */
  private sums(even: Float64Array, odd: Float64Array, out: Float32Array, start: number, count: number): void {
    const { taps } = this;
    const pairs = taps.length;
    for (let j = 0; j < count; j += 4) {
      let first = 0.5 * even[j]!;
      let second = 0.5 * even[j + 1]!;
      let third = 0.5 * even[j + 2]!;
      let fourth = 0.5 * even[j + 3]!;
      for (let i = 0, before = j + pairs - 1, behind = j + pairs; i < pairs; i++, before--, behind++) {
        const tap = taps[i]!;
        first += tap * (odd[before]! + odd[behind]!);
        second += tap * (odd[before + 1]! + odd[behind + 1]!);
        third += tap * (odd[before + 2]! + odd[behind + 2]!);
        fourth += tap * (odd[before + 3]! + odd[behind + 3]!);
      }
      const at = start + j;
      out[at] = first;
      if (j + 1 < count) out[at + 1] = second;
      if (j + 2 < count) out[at + 2] = third;
      if (j + 3 < count) out[at + 3] = fourth;
    }
  }
}

/** Outputs at a time, a multiple of four, so that what is worked on stays in the cache. */
const CHUNK = 4096;

/** Copies `samples[from + 2 i]` to `out[i]`, zeros where there are none. */
function everySecond(samples: Float32Array, from: number, out: Float64Array, count: number): void {
  const first = Math.min(Math.max(0, Math.ceil(-from / 2)), count);
  const last = Math.max(first, Math.min(count, Math.ceil((samples.length - from) / 2)));
  out.fill(0, 0, first);
  for (let i = first, at = from + 2 * first; i < last; i++, at += 2) out[i] = samples[at]!;
  out.fill(0, last);
}
