import { quantile } from "../evaluation/quantile.js";
import { UserError } from "../userError.js";
import { BandLevels, SMOOTHED } from "./bandLevels.js";
import { LONGEST_SECONDS } from "./standingPart.js";

export interface SegmenterOptions {
  /** Of a cycle. Default 0.8 s, 75 breaths a minute. */
  shortestSeconds?: number;
  /** Of a cycle; after so long without a new breath it ends. Default 8 s. */
  longestSeconds?: number;
}

/** A stretch of a stream: samples counted from its beginning, the last one excluded. */
export interface Stretch {
  start: number;
  end: number;
}

/** Steps of 20 ms. */
const STEPS_PER_SECOND = 50;
/** What is quiet and what is loud is told from so much of what was heard last. */
const HISTORY = 10 * STEPS_PER_SECOND;
/** Before so much was heard nothing is told. */
const WARM_UP = 3 * STEPS_PER_SECOND;
/** A pause before the next breath is at least so long; what is shorter lies between breathing in and out. */
const PAUSE = 0.3 * STEPS_PER_SECOND;
/** A breath that rises for longer begins so long before it is told. */
const SLOWEST_RISE = STEPS_PER_SECOND;
/** Between quiet (the 10 % quantile) and loud (the 90 %) there is at least so much, or nobody breathes. */
const LEAST_RANGE_DB = 6;
/** What is quieter below loud counts as so much: digital silence must not lower the thresholds. */
const MOST_RANGE_DB = 30;
/** A breath begins when the level rises above one share of the range, and is over when it falls below the other. */
const [RISES, FALLS] = [0.5, 0.35];

/**
 * Cuts a stream of breath sounds into cycles by their energy: approximate, for sounds without annotation. A cycle lasts from where the
 * level from 100 to 1,000 Hz rises after a pause to where it does so next. Breathing in and out with less than 0.3 s between them is one
 * cycle; with a longer pause in the middle it becomes two, and breathing without any pause is cut at the longest duration. Speech, coughs
 * and rubbing count as breath. How well it does on recordings: docs/inference.md.
 */
export class EnergySegmenter {
  /** Samples back from the newest one at which a cycle may begin when it is told. */
  readonly reach: number;
  private readonly levels: BandLevels;
  private readonly shortest: number;
  private readonly longest: number;
  private readonly history: number[] = [];
  /** Steps whose level is known, and of which it was decided. */
  private known = 0;
  private decided = 0;
  private thresholds: { rise: number; fall: number } | undefined;
  /** Step at which the level last rose above the lower threshold; undefined below it. */
  private roseAt: number | undefined;
  /** Whether the level rose above the upper one since. */
  private breathes = false;
  /** Step at which the last breath was over. */
  private quietSince = Number.NEGATIVE_INFINITY;
  /** Step at which the current cycle begins. */
  private begin: number | undefined;
  private received = 0;

  /** @throws UserError for durations that are not 0 < shortest < longest <= 60 s */
  constructor(sampleRateHz: number, { shortestSeconds = 0.8, longestSeconds = 8 }: SegmenterOptions = {}) {
    if (!(shortestSeconds > 0 && shortestSeconds < longestSeconds && longestSeconds <= LONGEST_SECONDS)) {
      throw new UserError(
        `cycles from ${shortestSeconds} to ${longestSeconds} s: expected 0 < shortest < longest <= ${LONGEST_SECONDS} s`,
      );
    }
    this.levels = new BandLevels(sampleRateHz);
    this.shortest = shortestSeconds * STEPS_PER_SECOND;
    this.longest = Math.round(longestSeconds * STEPS_PER_SECOND);
    // What is pushed at once, a slow rise, and that the level of a step is known a tenth of a second after it.
    this.reach = (this.longest + WARM_UP + STEPS_PER_SECOND + SLOWEST_RISE + SMOOTHED) * this.levels.stepSamples;
  }

  /**
   * @param samples [samples], at most a second
   * @returns the cycles that are known to be over now
   */
  push(samples: Float32Array): Stretch[] {
    this.received += samples.length;
    const cycles: Stretch[] = [];
    for (const level of this.levels.push(samples)) {
      if (this.history.length === HISTORY) this.history.shift();
      this.history.push(level);
      this.known++;
      if (this.known >= WARM_UP) this.decide(cycles);
    }
    return cycles;
  }

  /** The cycles that are left when the stream ends, the last one up to its end. */
  end(): Stretch[] {
    const cycles: Stretch[] = [];
    this.decide(cycles);
    const { stepSamples } = this.levels;
    if (this.begin !== undefined && this.received / stepSamples - this.begin >= this.shortest)
      cycles.push({ start: this.begin * stepSamples, end: this.received });
    this.begin = undefined;
    return cycles;
  }

  private decide(cycles: Stretch[]): void {
    for (; this.decided < this.known; this.decided++) {
      // Loud and quiet change slowly: twice a second is enough.
      if (this.decided % (STEPS_PER_SECOND / 2) === 0) this.thresholds = thresholdsOf(this.history);
      const level = this.history[this.history.length - (this.known - this.decided)]!;
      const onset = this.onsetAt(this.decided, level);
      const { begin, decided, longest } = this;
      if (onset !== undefined && (begin === undefined || onset - begin >= this.shortest)) this.close(onset, cycles);
      else if (begin !== undefined && decided - begin >= longest) {
        this.close(begin + longest, cycles);
        if (!this.breathes) this.begin = undefined;
      }
    }
  }

  /** The step at which a breath began of which it is known now. */
  private onsetAt(step: number, level: number): number | undefined {
    const { thresholds } = this;
    if (!thresholds || level < thresholds.fall) {
      if (this.breathes) this.quietSince = step;
      this.breathes = false;
      this.roseAt = undefined;
      return undefined;
    }
    this.roseAt ??= step;
    if (this.breathes || level < thresholds.rise) return undefined;
    this.breathes = true;
    return this.roseAt - this.quietSince >= PAUSE ? Math.max(this.roseAt, step - SLOWEST_RISE) : undefined;
  }

  private close(at: number, cycles: Stretch[]): void {
    const { stepSamples } = this.levels;
    if (this.begin !== undefined) cycles.push({ start: this.begin * stepSamples, end: at * stepSamples });
    this.begin = at;
  }
}

/** Undefined where quiet and loud are alike. */
function thresholdsOf(levels: readonly number[]): { rise: number; fall: number } | undefined {
  const sorted = [...levels].sort((a, b) => a - b);
  const loud = quantile(sorted, 0.9);
  const quiet = Math.max(quantile(sorted, 0.1), loud - MOST_RANGE_DB);
  const range = loud - quiet;
  return range < LEAST_RANGE_DB ? undefined : { rise: quiet + RISES * range, fall: quiet + FALLS * range };
}
