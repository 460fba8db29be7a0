import { sampleAt } from "../audio/sampleAt.js";
import { UserError } from "../userError.js";
import { EnergySegmenter, type SegmenterOptions, type Stretch } from "./energySegmenter.js";
import { LONGEST_SECONDS } from "./standingPart.js";

/** Which stretches of a stream are classified. */
export type Cut =
  /** What came last, every hop. */
  | {
      by: "hop";
      hopSeconds: number;
      /** Default: what fills the model's input. */
      bufferSeconds?: number;
    }
  /** Cycles that somebody marked; `SoundStream.mark` adds others. */
  | { by: "annotation"; cycles?: readonly MarkedCycle[] }
  /** Cycles that are found by their energy, approximately: see `EnergySegmenter`. */
  | ({ by: "energy" } & SegmenterOptions);

/** From the beginning of the stream. */
export interface MarkedCycle {
  startSeconds: number;
  endSeconds: number;
}

/** Tells of a stream as it comes which stretches are whole. */
export interface Cutter {
  /** Samples back from the newest one at which a stretch may begin when it is told. */
  readonly reach: number;
  /** Marked cycles that came too late, when their sound was no longer there. */
  readonly missed: number;
  /** @param samples the next [samples] of the stream, at most a tenth of a second */
  push(samples: Float32Array): Stretch[];
  /** What is left when the stream ends. */
  end(): Stretch[];
  /** @throws UserError for a cycle that cannot be, and where cycles are not marked */
  mark(cycle: MarkedCycle): void;
}

export function cutterOf(
  cut: Cut,
  { sampleRateHz, inputSeconds }: { sampleRateHz: number; inputSeconds: number },
): Cutter {
  if (cut.by === "hop") return new HopCutter({ bufferSeconds: inputSeconds, ...cut, sampleRateHz });
  if (cut.by === "annotation") return new MarkCutter(cut.cycles ?? [], sampleRateHz);
  const { shortestSeconds, longestSeconds } = cut;
  return new EnergyCutter(new EnergySegmenter(sampleRateHz, { ...(shortestSeconds !== undefined && { shortestSeconds }), ...(longestSeconds !== undefined && { longestSeconds }) })); // biome-ignore format: one line
}

class HopCutter implements Cutter {
  readonly reach: number;
  readonly missed = 0;
  private readonly hop: number;
  private readonly buffer: number;
  private received = 0;
  private cuts = 0;
  private last = 0;

  constructor({
    hopSeconds,
    bufferSeconds,
    sampleRateHz,
  }: { hopSeconds: number; bufferSeconds: number; sampleRateHz: number }) {
    // biome-ignore format: one line
    if (!(hopSeconds >= 0.1 && hopSeconds <= LONGEST_SECONDS && bufferSeconds >= 0.1 && bufferSeconds <= LONGEST_SECONDS)) {
      throw new UserError(
        `a hop of ${hopSeconds} s and a buffer of ${bufferSeconds} s: each must be from 0.1 to ${LONGEST_SECONDS} s`,
      );
    }
    this.hop = hopSeconds * sampleRateHz;
    this.buffer = Math.round(bufferSeconds * sampleRateHz);
    this.reach = this.buffer;
  }

  push(samples: Float32Array): Stretch[] {
    this.received += samples.length;
    const cuts: Stretch[] = [];
    for (;;) {
      // Counted from the beginning each time: a hop of no whole number of samples does not drift.
      const end = Math.round((this.cuts + 1) * this.hop);
      if (end > this.received) return cuts;
      this.cuts++;
      cuts.push(this.upTo(end));
    }
  }

  end(): Stretch[] {
    return this.last < this.received ? [this.upTo(this.received)] : [];
  }

  mark(): void {
    throw notMarked("hop");
  }

  private upTo(end: number): Stretch {
    this.last = end;
    return { start: Math.max(0, end - this.buffer), end };
  }
}

class MarkCutter implements Cutter {
  readonly reach: number;
  missed = 0;
  private received = 0;
  /** Those to come, the one that ends first in front. */
  private readonly cycles: Stretch[] = [];
  private readonly sampleRateHz: number;

  constructor(cycles: readonly MarkedCycle[], sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
    this.reach = LONGEST_SECONDS * sampleRateHz;
    for (const cycle of cycles) this.mark(cycle);
  }

  push(samples: Float32Array): Stretch[] {
    this.received += samples.length;
    const done = this.cycles.findIndex(({ end }) => end > this.received);
    return this.told(this.cycles.splice(0, done < 0 ? this.cycles.length : done));
  }

  /** A cycle that ends behind the sound ends with it; one that begins there is missed. */
  end(): Stretch[] {
    const { received } = this;
    const rest = this.cycles.splice(0);
    this.missed += rest.filter(({ start }) => start >= received).length;
    return this.told(rest.filter(({ start }) => start < received).map(({ start, end }) => ({ start, end: Math.min(end, received) }))); // biome-ignore format: one line
  }

  mark({ startSeconds, endSeconds }: MarkedCycle): void {
    const seconds = endSeconds - startSeconds;
    if (!(startSeconds >= 0 && seconds > 0 && seconds <= LONGEST_SECONDS)) {
      throw new UserError(
        `a cycle from ${startSeconds} to ${endSeconds} s: expected 0 <= start < end, and no more than ${LONGEST_SECONDS} s`,
      );
    }
    const cycle = { start: sampleAt(startSeconds, this.sampleRateHz), end: sampleAt(endSeconds, this.sampleRateHz) };
    const behind = this.cycles.findIndex(({ end }) => end > cycle.end);
    this.cycles.splice(behind < 0 ? this.cycles.length : behind, 0, cycle);
  }

  private told(cycles: Stretch[]): Stretch[] {
    const there = cycles.filter(({ start, end }) => start < end && this.received - start <= this.reach);
    this.missed += cycles.length - there.length;
    return there;
  }
}

class EnergyCutter implements Cutter {
  readonly missed = 0;
  private readonly segmenter: EnergySegmenter;

  constructor(segmenter: EnergySegmenter) {
    this.segmenter = segmenter;
  }

  get reach(): number {
    return this.segmenter.reach;
  }

  push(samples: Float32Array): Stretch[] {
    return this.segmenter.push(samples);
  }

  end(): Stretch[] {
    return this.segmenter.end();
  }

  mark(): void {
    throw notMarked("energy");
  }
}

function notMarked(by: string): UserError {
  return new UserError(`cycles are cut by ${by}; only a stream that is cut by annotation takes marks`);
}
