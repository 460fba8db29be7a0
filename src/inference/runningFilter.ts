import type { Section } from "../audio/butterworth.js";

/** Second-order sections over a stream that comes in parts: as `sosFilter` over the whole, from silence. */
export class RunningFilter {
  private readonly sections: readonly Section[];
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(sections: readonly Section[]) {
    this.sections = sections;
    this.first = new Float64Array(sections.length);
    this.second = new Float64Array(sections.length);
  }

  /** The filter's answer to the next sample. */
  next(sample: number): number {
    const { sections, first, second } = this;
    // Direct form II transposed.
    for (let s = 0; s < sections.length; s++) {
      const { b0, b1, b2, a1, a2 } = sections[s]!;
      const y = b0 * sample + first[s]!;
      first[s] = b1 * sample - a1 * y + second[s]!;
      second[s] = b2 * sample - a2 * y;
      sample = y;
    }
    return sample;
  }
}
