import { withRoom } from "./withRoom.js";

/** Seconds of sound of one pair of the finest level. */
export const PEAK_SECONDS = 0.01;
/** Pairs of a level that make one of the next. */
const GATHER = 16;

/**
 * The least and the greatest sample of each hundredth of a second of a recording that grows, and of 16 and 256 of them: enough to draw a
 * waveform at any scale without going through its samples. 800 bytes for a second.
 */
export class Peaks {
  /** By level; [least, greatest] of each pair in turn. */
  private readonly levels: GrowingFloats[] = [new GrowingFloats(), new GrowingFloats(), new GrowingFloats()];

  /** @param pairs [2 x count], least and greatest of further hundredths of a second */
  append(pairs: Float32Array): void {
    this.levels[0]!.append(pairs);
    for (let level = 1; level < this.levels.length; level++) {
      const finer = this.levels[level - 1]!;
      const own = this.levels[level]!;
      const ready = Math.floor(finer.length / 2 / GATHER);
      for (let i = own.length / 2; i < ready; i++) own.append(rangeOf(finer, i * GATHER, (i + 1) * GATHER));
    }
  }

  get seconds(): number {
    return (this.levels[0]!.length / 2) * PEAK_SECONDS;
  }

  /**
   * Least and greatest between two times; undefined where there is no sound.
   * @param fromSeconds below `toSeconds`
   */
  between(fromSeconds: number, toSeconds: number): [least: number, greatest: number] | undefined {
    const pairs = (toSeconds - fromSeconds) / PEAK_SECONDS;
    const level = pairs >= 4 * GATHER * GATHER ? 2 : pairs >= 4 * GATHER ? 1 : 0;
    const width = PEAK_SECONDS * GATHER ** level;
    const values = this.levels[level]!;
    const first = Math.max(0, Math.floor(fromSeconds / width));
    const end = Math.min(values.length / 2, Math.max(first + 1, Math.ceil(toSeconds / width)));
    if (first >= end) return undefined;
    const [least, greatest] = rangeOf(values, first, end);
    return [least!, greatest!];
  }
}

function rangeOf(values: GrowingFloats, first: number, end: number): Float32Array {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = first; i < end; i++) {
    least = Math.min(least, values.at(2 * i));
    greatest = Math.max(greatest, values.at(2 * i + 1));
  }
  return Float32Array.of(least, greatest);
}

class GrowingFloats {
  length = 0;
  private values = new Float32Array(1024);

  append(more: Float32Array): void {
    const length = this.length + more.length;
    this.values = withRoom(this.values, this.length, length);
    this.values.set(more, this.length);
    this.length = length;
  }

  at(index: number): number {
    return this.values[index]!;
  }
}

/** Makes pairs for `Peaks` of sound that comes in pieces of any length. */
export class PeakMeter {
  private least = Number.POSITIVE_INFINITY;
  private greatest = Number.NEGATIVE_INFINITY;
  private heard = 0;
  private done = 0;
  private readonly sampleRateHz: number;

  constructor(sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
  }

  /** @returns [2 x count], of the hundredths of a second that these samples complete */
  push(samples: Float32Array): Float32Array {
    const pairs: number[] = [];
    for (const sample of samples) {
      if (sample < this.least) this.least = sample;
      if (sample > this.greatest) this.greatest = sample;
      this.heard++;
      // By the count and not by a length: rates need not be a multiple of 100.
      while ((this.done + 1) * PEAK_SECONDS * this.sampleRateHz <= this.heard) {
        pairs.push(this.least, this.greatest);
        this.done++;
        // The next begins with this one's last sample, so that the line has no hole.
        this.least = this.greatest = sample;
      }
    }
    return Float32Array.from(pairs);
  }
}
