import { COLUMN_SECONDS, SPECTRUM_ROWS } from "./spectra.js";
import { withRoom } from "./withRoom.js";

/** From black to the brightest, in half decibels: at most 80 dB, at least 30. */
const [MOST_LEVELS, LEAST_LEVELS] = [160, 60];

/** Columns of a spectrogram that grows: 6.4 kB for a second. */
export class SpectrumColumns {
  count = 0;
  private levels = new Uint8Array(512 * SPECTRUM_ROWS);
  /** How often each level came. */
  private readonly counts = new Float64Array(256);

  /** @param columns [columns, 128] */
  append(columns: Uint8Array): void {
    const used = this.count * SPECTRUM_ROWS;
    this.levels = withRoom(this.levels, used, used + columns.length);
    this.levels.set(columns, used);
    this.count += columns.length / SPECTRUM_ROWS;
    for (const level of columns) this.counts[level]!++;
  }

  /**
   * The levels that are shown as black and as the brightest: most of a recording's picture is quiet, and one knock is louder than all
   * breaths, so both come from how often levels occur.
   */
  range(): { black: number; bright: number } {
    const bright = this.level(0.9985);
    const black = Math.max(this.level(0.12), bright - MOST_LEVELS);
    return { black: Math.min(black, bright - LEAST_LEVELS), bright };
  }

  /** Below which this share of all levels lies. */
  private level(share: number): number {
    let left = share * this.count * SPECTRUM_ROWS;
    for (let level = 0; level < this.counts.length; level++) {
      left -= this.counts[level]!;
      if (left < 0) return level;
    }
    return this.counts.length - 1;
  }

  /**
   * A column of the picture: the greatest of each row between two times.
   * @param into [128]
   * @returns whether there is any sound there
   */
  between(fromSeconds: number, toSeconds: number, into: Uint8Array): boolean {
    const first = Math.max(0, Math.floor(fromSeconds / COLUMN_SECONDS));
    const end = Math.min(this.count, Math.max(first + 1, Math.round(toSeconds / COLUMN_SECONDS)));
    if (first >= end) return false;
    into.set(this.levels.subarray(first * SPECTRUM_ROWS, (first + 1) * SPECTRUM_ROWS));
    // Beyond a few the eye sees no difference, and an hour on one screen would be 180,000.
    const step = Math.max(1, Math.floor((end - first) / 16));
    for (let column = first + step; column < end; column += step) {
      const at = column * SPECTRUM_ROWS;
      for (let row = 0; row < SPECTRUM_ROWS; row++) {
        const level = this.levels[at + row]!;
        if (level > into[row]!) into[row] = level;
      }
    }
    return true;
  }
}
