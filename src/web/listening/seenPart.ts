import type { InputPlace } from "./inputPlace.js";

/** What the model looked at in one of the inputs that its recipe makes of a stretch. */
export interface SeenPart {
  rows: number;
  frames: number;
  /** [outputs, rows, frames], of attention [1, rows, frames]; the lowest row first. */
  values: Float32Array;
  /** In seconds of the recording. */
  place: InputPlace;
  /** False: nobody knows where the input lies; `place` is all of the stretch then. */
  isPlaced: boolean;
  /** [rows + 1]; absent where rows are no frequencies. */
  bordersHz?: number[];
  /** Where rows are no frequencies, the input itself: its channels' mean, the lowest row first. */
  input?: { rows: number; frames: number; values: Float32Array };
}

/** A part with the map of one output alone. */
export interface SeenMap extends Omit<SeenPart, "values"> {
  /** [rows, frames], 0 to 1: 1 is the largest of all parts. */
  values: Float32Array;
}

/**
 * The maps of one output. Attention adds up to 1, so that its largest share is small: it is brought to 1 over all parts; the others are
 * from 0 to 1 as they come.
 *
 * @param output 0 for attention, which has one for all
 */
export function mapsOf(parts: readonly SeenPart[], kind: "grad-cam++" | "attention", output: number): SeenMap[] {
  const maps = parts.map((part) => {
    const size = part.rows * part.frames;
    return { ...part, values: part.values.slice(output * size, (output + 1) * size) };
  });
  if (kind === "grad-cam++") return maps;
  const most = Math.max(...maps.map(({ values }) => values.reduce((a, b) => Math.max(a, b), 0)));
  if (most > 0) for (const { values } of maps) for (let i = 0; i < values.length; i++) values[i] = values[i]! / most;
  return maps;
}

/** A moment of a map, between its frames' middles; -1 outside of the sound that the clip has there. */
export function frameAt({ frames, place }: SeenMap, seconds: number): number {
  if (seconds < place.soundStartSeconds || seconds >= place.soundEndSeconds) return -1;
  const at = ((seconds - place.startSeconds) / (place.endSeconds - place.startSeconds)) * frames - 0.5;
  return Math.max(0, Math.min(frames - 1, at));
}

/** A frequency of a map, between its rows' middles; -1 outside of all rows. */
export function rowAt({ rows, bordersHz }: SeenMap, hertz: number): number {
  if (!bordersHz || hertz < bordersHz[0]! || hertz >= bordersHz[rows]!) return -1;
  const row = bordersHz.findIndex((border, i) => i > 0 && hertz < border) - 1;
  const [low, high] = [bordersHz[row]!, bordersHz[row + 1]!];
  return Math.max(0, Math.min(rows - 1, row + (hertz - low) / (high - low) - 0.5));
}

/** Between four cells. */
export function valueAt(
  { rows, frames, values }: Pick<SeenMap, "rows" | "frames" | "values">,
  row: number,
  frame: number,
): number {
  const [r, f] = [Math.min(rows - 1, Math.floor(row)), Math.min(frames - 1, Math.floor(frame))];
  const [up, right] = [Math.min(rows - 1, r + 1), Math.min(frames - 1, f + 1)];
  const [a, b] = [row - r, frame - f];
  const along = (line: number) => values[line * frames + f]! * (1 - b) + values[line * frames + right]! * b;
  return along(r) * (1 - a) + along(up) * a;
}

/** Shares of what all maps hold, 0 to 1. */
export interface SeenShares {
  /** In what filled the inputs up. */
  filling: number;
  /** In sound, above a frequency. */
  above: number;
  /** Nothing speaks for the output anywhere. */
  isEmpty: boolean;
}

export function sharesOf(maps: readonly SeenMap[], topHz: number): SeenShares {
  let [all, filling, above] = [0, 0, 0];
  for (const { rows, frames, values, place, bordersHz } of maps) {
    const frameSeconds = (place.endSeconds - place.startSeconds) / frames;
    for (let frame = 0; frame < frames; frame++) {
      const from = place.startSeconds + frame * frameSeconds;
      // By time and not by middles: a frame may be a second long.
      const inside = Math.min(from + frameSeconds, place.soundEndSeconds) - Math.max(from, place.soundStartSeconds);
      const sound = Math.max(0, inside) / frameSeconds;
      for (let row = 0; row < rows; row++) {
        const value = values[row * frames + frame]!;
        all += value;
        filling += value * (1 - sound);
        if (!bordersHz) continue;
        const [low, high] = [bordersHz[row]!, bordersHz[row + 1]!];
        above += value * sound * Math.max(0, Math.min(1, (high - Math.max(low, topHz)) / (high - low)));
      }
    }
  }
  return all > 0
    ? { filling: filling / all, above: above / all, isEmpty: false }
    : { filling: 0, above: 0, isEmpty: true };
}
