import { butterworthBandPass } from "../audio/butterworth.js";
import { RunningFilter } from "./runningFilter.js";

/** Where breath is heard best: above most of the heart, below most of the rubbing of cloth. */
export const BREATH_BAND_HZ = { low: 100, high: 1000 } as const;
/** Steps to either side over which power is averaged: 0.22 s in all. */
export const SMOOTHED = 5;
/** Power of which nothing is left, so that silence has a level. */
const FLOOR_POWER = 1e-12;

/** Sound's level from 100 to 1,000 Hz in steps of 20 ms, as it comes. */
export class BandLevels {
  /** Samples of a step. */
  readonly stepSamples: number;
  private readonly filter: RunningFilter;
  /** Mean squares of the last steps, the newest last. */
  private readonly powers: number[] = [];
  private sum = 0;
  private inStep = 0;

  /** @param sampleRateHz above 2,000 the whole band is listened to, below what there is of it */
  constructor(sampleRateHz: number) {
    this.stepSamples = Math.round(sampleRateHz / 50);
    const highHz = Math.min(BREATH_BAND_HZ.high, 0.45 * sampleRateHz);
    this.filter = new RunningFilter(butterworthBandPass({ order: 2, lowHz: BREATH_BAND_HZ.low, highHz, sampleRateHz }));
  }

  /**
   * @param samples [samples]
   * @returns decibels (full scale 0) of the steps that are known now, each the mean of 0.22 s about it; a step is known five steps
   * after it has passed, and the first steps of a stream have fewer before them
   */
  push(samples: Float32Array): number[] {
    const levels: number[] = [];
    for (const sample of samples) {
      this.sum += this.filter.next(sample) ** 2;
      if (++this.inStep < this.stepSamples) continue;
      if (this.powers.length > 2 * SMOOTHED) this.powers.shift();
      this.powers.push(this.sum / this.stepSamples);
      this.sum = 0;
      this.inStep = 0;
      if (this.powers.length > SMOOTHED) levels.push(decibel(this.powers));
    }
    return levels;
  }
}

function decibel(powers: readonly number[]): number {
  const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
  return 10 * Math.log10(mean + FLOOR_POWER);
}
