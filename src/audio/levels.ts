/** How loud a recording is, and how its level is wrong. Values are in parts of full scale, which is 1. */
export interface Levels {
  /** Samples measured. */
  frames: number;
  /** Largest magnitude. */
  peak: number;
  /** Root of the mean square. */
  rms: number;
  /** Mean: 0 but for a fault of the recorder. */
  dcOffset: number;
  /** Share of the samples that are clipped: see `LevelMeter`. */
  clippedShare: number;
  /** Length of the longest clipped run, in samples. */
  longestClipped: number;
  /** Share of the samples in runs of digital silence: see `LevelMeter`. */
  silentShare: number;
  /** Length of the longest run of digital silence, in samples. */
  longestSilent: number;
}

/** Runs of equal samples shorter than this happen in any sound. */
const SHORTEST_RUN = 3;

/**
 * Measures levels block by block, in one pass and without keeping a sample.
 *
 * - Clipped is a run of 3 or more equal samples at the recording's largest or at its smallest value. That is full scale
 *   where the converter clipped, and less where something before or after it did. Zero is never clipped.
 * - Digital silence is a run of 3 or more samples that are exactly zero, which a microphone does not deliver.
 */
export class LevelMeter {
  private readonly fullScale: number;
  private frames = 0;
  private sum = 0;
  private squares = 0;
  private highest = -Infinity;
  private lowest = Infinity;
  /** The run under way. */
  private value = Number.NaN;
  private run = 0;
  private readonly silent = new Runs(0);
  private high = new Runs(-Infinity);
  private low = new Runs(Infinity);

  /** @param fullScale the magnitude that counts as 1: 1 for decoded samples, 32768 for 16-bit integers */
  constructor(fullScale = 1) {
    this.fullScale = fullScale;
  }

  /** Takes the next samples of one channel. */
  add(samples: Float32Array | Int16Array): void {
    let { highest, lowest, value, run } = this;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]!;
      sum += sample;
      squares += sample * sample;
      if (sample === value) {
        run++;
        continue;
      }
      if (run >= SHORTEST_RUN) this.endRun(value, run);
      value = sample;
      run = 1;
      if (sample > highest) highest = sample;
      if (sample < lowest) lowest = sample;
    }
    this.frames += samples.length;
    this.sum += sum;
    this.squares += squares;
    Object.assign(this, { highest, lowest, value, run });
  }

  /**
   * The levels of all samples; ends the measurement.
   * @throws RangeError where there are none, and where one is not a finite number
   */
  result(): Levels {
    const { frames, fullScale } = this;
    if (frames === 0) throw new RangeError("levels: there are no samples");
    if (!Number.isFinite(this.squares)) throw new RangeError("levels: samples must be finite numbers");
    if (this.run >= SHORTEST_RUN) this.endRun(this.value, this.run);
    this.run = 0;
    this.value = Number.NaN;
    const clipped: Runs[] = [];
    if (this.high.value === this.highest) clipped.push(this.high);
    if (this.low.value === this.lowest && this.lowest !== this.highest) clipped.push(this.low);
    return {
      frames,
      peak: Math.max(this.highest, -this.lowest) / fullScale,
      rms: Math.sqrt(this.squares / frames) / fullScale,
      dcOffset: this.sum / frames / fullScale,
      clippedShare: clipped.reduce((total, runs) => total + runs.samples, 0) / frames,
      longestClipped: Math.max(0, ...clipped.map(({ longest }) => longest)),
      silentShare: this.silent.samples / frames,
      longestSilent: this.silent.longest,
    };
  }

  /** A run at an extreme counts until a sample beyond it comes. */
  private endRun(value: number, length: number): void {
    if (value === 0) {
      this.silent.add(length);
      return;
    }
    if (value > this.high.value) this.high = new Runs(value);
    if (value < this.low.value) this.low = new Runs(value);
    if (value === this.high.value) this.high.add(length);
    if (value === this.low.value) this.low.add(length);
  }
}

/** Runs of one value. */
class Runs {
  readonly value: number;
  samples = 0;
  longest = 0;

  constructor(value: number) {
    this.value = value;
  }

  add(length: number): void {
    this.samples += length;
    if (length > this.longest) this.longest = length;
  }
}

/**
 * The levels of one channel: see `LevelMeter`.
 * @param samples [samples], of which `fullScale` is the full magnitude
 * @throws RangeError for no samples and for one that is not a finite number
 */
export function measureLevels(samples: Float32Array | Int16Array, fullScale = 1): Levels {
  const meter = new LevelMeter(fullScale);
  meter.add(samples);
  return meter.result();
}
