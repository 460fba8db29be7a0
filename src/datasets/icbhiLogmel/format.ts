/** Mel bands of a stored map, lowest first; the highest ends at 2 kHz. */
export const BANDS = 90;
/** Frames of a stored map: 1 + floor(4 s * 22,050 Hz / 512). */
export const FRAMES = 173;
/** Bytes of a stored map, one for each value. */
export const MAP_BYTES = BANDS * FRAMES;
/** Cycles of all recordings. */
export const ALL_CYCLES = 6898;

export const MAPS_FILE = "logmel.npy";
export const INDEX_FILE = "logmel_index.csv";

const RANGE_DB = 80;
/** From one byte to the next. */
export const STEP_DB = RANGE_DB / 255;

/** Decibels that a byte stands for, as the set is published: 0 for the cycle's maximum, -80 for that and below. */
export const DECIBELS: Float32Array = Float32Array.from(
  { length: 256 },
  (_, byte) => (byte / 255) * RANGE_DB - RANGE_DB,
);

/**
 * The byte that decibels were stored as: 256 steps of equal width, rounded down. So it stands for a value that is up to
 * half a step (0.16 dB) to either side of what `DECIBELS` says.
 */
export function byteOfDecibel(decibel: number): number {
  return Math.max(0, Math.min(255, Math.floor(((decibel + RANGE_DB) / RANGE_DB) * 256)));
}
