import { Stft } from "../../features/stft.js";
import { withRoom } from "./withRoom.js";

/** Rows of a picture's column, lowest first; lung sounds lie below 2 kHz. */
export const SPECTRUM_ROWS = 128;
export const SPECTRUM_TOP_HZ = 2000;
/** Seconds from column to column. */
export const COLUMN_SECONDS = 0.02;
/** Seconds under a window: bins of 15.6 Hz, one for each row. */
const WINDOW_SECONDS = 0.064;
/** Decibels below full scale of level 0, and of a step. */
export const FLOOR_DB = -127.5;
export const STEP_DB = 0.5;

/**
 * The columns of a spectrogram to look at, of sound that comes in pieces: power in 128 bands of 15.6 Hz, in half decibels of full scale.
 * The transform is `src/features`' own. Not what a model gets: that has its recipe's.
 */
export class SpectrumMeter {
  private readonly stft: Stft;
  private readonly size: number;
  private readonly hopSamples: number;
  /** The band that each bin counts for; -1 above the picture. */
  private readonly rowOf: Int16Array;
  private readonly scale: number;
  private pending: Float32Array;
  private held = 0;
  /** Index, in the whole sound, of the first sample held. */
  private offset = 0;
  private columns = 0;

  constructor(sampleRateHz: number) {
    this.size = smoothSize(WINDOW_SECONDS * sampleRateHz);
    this.hopSamples = COLUMN_SECONDS * sampleRateHz;
    this.stft = new Stft({ fftSize: this.size, windowSize: this.size, hop: this.size, padding: "none" });
    this.rowOf = Int16Array.from({ length: this.stft.bins }, (_, bin) => {
      const row = Math.floor((bin * sampleRateHz * SPECTRUM_ROWS) / this.size / SPECTRUM_TOP_HZ);
      return row < SPECTRUM_ROWS ? row : -1;
    });
    // A sine of full scale has power (size / 4)^2 in its bin: half its amplitude, times the window's mean of a half.
    this.scale = 16 / this.size ** 2;
    this.pending = new Float32Array(4 * this.size);
  }

  /** @returns [columns, 128], of the windows that these samples complete */
  push(samples: Float32Array): Uint8Array {
    this.pending = withRoom(this.pending, this.held, this.held + samples.length);
    this.pending.set(samples, this.held);
    this.held += samples.length;
    const made: Uint8Array[] = [];
    for (;;) {
      const start = Math.round(this.columns * this.hopSamples) - this.offset;
      if (start + this.size > this.held) {
        const gone = Math.min(start, this.held);
        this.pending.copyWithin(0, gone, this.held);
        this.held -= gone;
        this.offset += gone;
        break;
      }
      made.push(this.column(this.pending.subarray(start, start + this.size)));
      this.columns++;
    }
    const all = new Uint8Array(made.length * SPECTRUM_ROWS);
    for (const [i, column] of made.entries()) all.set(column, i * SPECTRUM_ROWS);
    return all;
  }

  private column(samples: Float32Array): Uint8Array {
    this.stft.open(samples);
    const power = this.stft.power(0);
    const most = new Float32Array(SPECTRUM_ROWS);
    let last = 0;
    for (let bin = 0; bin < this.rowOf.length; bin++) {
      const row = this.rowOf[bin]!;
      if (row < 0) break;
      most[row] = Math.max(most[row]!, power[bin]!);
      last = row;
    }
    const levels = new Uint8Array(SPECTRUM_ROWS);
    for (let row = 0; row <= last; row++) levels[row] = levelOf(most[row]! * this.scale);
    return levels;
  }
}

function levelOf(power: number): number {
  const db = 10 * Math.log10(Math.max(power, 1e-13));
  return Math.max(0, Math.min(255, Math.round((db - FLOOR_DB) / STEP_DB)));
}

/** The smallest multiple of 32 from `samples` on that the transform takes: a product of 2, 3, 5, 7 and 11. */
export function smoothSize(samples: number): number {
  for (let size = Math.max(32, Math.ceil(samples / 32) * 32); ; size += 32) {
    let rest = size;
    for (const prime of [2, 3, 5, 7, 11]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return size;
  }
}
