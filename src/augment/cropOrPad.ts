import type { Rng } from "../random/streams.js";
import type { MapAugmentation } from "./augmentation.js";
import { placeAt } from "./range.js";
import { percent } from "./zone.js";

/** Where the output starts in the input, in frames: above 0 that many are cut off, below 0 that many zeros come first. */
export interface CropOrPad {
  offset: number;
}

/**
 * A map of so many frames from one of any length: what `drawCropOrPad` does, with a place that is drawn before the length is
 * known.
 *
 * @throws RangeError unless `framesOut` is a positive integer
 */
export function cropOrPadFrames(framesOut: number): MapAugmentation<{ place: number }> {
  checkLengths(1, framesOut);
  return {
    name: "cropOrPadFrames",
    options: { framesOut },
    draw: (rng) => ({ place: rng.uniform() }),
    apply: ({ data, rows, frames, channels = 1 }, { place }) => {
      const steps = placeAt(place, Math.abs(frames - framesOut) + 1);
      const offset = (frames >= framesOut ? steps : 0 - steps) * channels;
      const out = new Float32Array(rows * framesOut * channels);
      applyCropOrPad(data, rows, frames * channels, framesOut * channels, { offset }, out);
      return { data: out, rows, frames: framesOut, ...(channels === 1 ? {} : { channels }) };
    },
    describe: ({ place }) => `cut or filled up to ${framesOut} frames at ${percent(place)} of its places`,
  };
}

/**
 * Draws a place: any crop of a longer map, any position of a shorter one among zeros, all equally likely ("random-offset
 * zero" of the SupCon paper).
 *
 * @throws RangeError unless both lengths are positive integers
 */
export function drawCropOrPad(rng: Rng, framesIn: number, framesOut: number): CropOrPad {
  checkLengths(framesIn, framesOut);
  const place = rng.integer(Math.abs(framesIn - framesOut) + 1);
  return { offset: framesIn >= framesOut ? place : 0 - place };
}

/**
 * The middle: equal parts are cut off or added on both sides; an odd frame too many is cut off, or added, at the end.
 *
 * @throws RangeError unless both lengths are positive integers
 */
export function centreCropOrPad(framesIn: number, framesOut: number): CropOrPad {
  checkLengths(framesIn, framesOut);
  const place = Math.floor(Math.abs(framesIn - framesOut) / 2);
  return { offset: framesIn >= framesOut ? place : 0 - place };
}

/**
 * Writes `framesOut` frames of each row: out[r, t] = map[r, t + offset], zero where the map has no such frame.
 *
 * @param map [rows, framesIn]
 * @param out receives [rows, framesOut] from `outOffset`; may be a whole batch
 * @throws RangeError when a size does not fit
 */
export function applyCropOrPad(
  map: Float32Array,
  rows: number,
  framesIn: number,
  framesOut: number,
  { offset }: CropOrPad,
  out: Float32Array,
  outOffset = 0,
): void {
  checkLengths(framesIn, framesOut);
  if (!Number.isInteger(offset)) throw new RangeError(`applyCropOrPad: offset must be an integer, got ${offset}`);
  if (map.length !== rows * framesIn) {
    throw new RangeError(`applyCropOrPad: the map has ${map.length} values, not ${rows} x ${framesIn}`);
  }
  if (outOffset < 0 || outOffset + rows * framesOut > out.length) {
    throw new RangeError(
      `applyCropOrPad: ${rows} x ${framesOut} from ${outOffset} do not fit into ${out.length} values`,
    );
  }
  const first = Math.max(offset, 0);
  const last = Math.max(Math.min(offset + framesOut, framesIn), first);
  out.fill(0, outOffset, outOffset + rows * framesOut);
  if (first === last) return;
  for (let row = 0; row < rows; row++) {
    out.set(map.subarray(row * framesIn + first, row * framesIn + last), outOffset + row * framesOut + first - offset);
  }
}

function checkLengths(framesIn: number, framesOut: number): void {
  for (const frames of [framesIn, framesOut]) {
    if (!Number.isInteger(frames) || frames < 1)
      throw new RangeError(`frames must be a positive integer, got ${frames}`);
  }
}
