import type { Rng } from "../random/streams.js";
import type { MapAugmentation } from "./augmentation.js";
import { copyMap } from "./map.js";
import { checkShare } from "./range.js";

/** Whether time runs backwards. */
export type Flip = { flip: boolean };

/** Flips a map's time with the given probability. Throws RangeError unless that is from 0 to 1. */
export function flipFrames(probability: number): MapAugmentation<Flip> {
  checkShare("flipFrames: probability", probability);
  return {
    name: "flipFrames",
    options: { probability },
    draw: (rng) => drawFlip(rng, probability),
    apply: (map, parameters) => {
      if (!parameters.flip) return map;
      const out = copyMap(map);
      const { rows, frames, channels = 1 } = map;
      applyFlip(out.data, rows, frames * channels, parameters);
      // Reversed rows have their channels in reverse order: once more, frame by frame.
      if (channels > 1) applyFlip(out.data, rows * frames, channels, parameters);
      return out;
    },
    describe: ({ flip }) => (flip ? "time reversed" : "unchanged"),
  };
}

/**
 * Draws a flip with the given probability; 0 is never, 1 is always.
 *
 * @throws RangeError unless 0 <= probability <= 1
 */
export function drawFlip(rng: Rng, probability: number): Flip {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`drawFlip: probability must be from 0 to 1, got ${probability}`);
  }
  return { flip: rng.uniform() < probability };
}

/**
 * Reverses each row in time, in place: meant for a map's place in a batch, not for a stored map.
 *
 * @param map holds [rows, frames] from `offset`
 * @throws RangeError when the rows do not fit
 */
export function applyFlip(map: Float32Array, rows: number, frames: number, { flip }: Flip, offset = 0): void {
  if (offset < 0 || offset + rows * frames > map.length) {
    throw new RangeError(`applyFlip: ${rows} x ${frames} from ${offset} do not fit into ${map.length} values`);
  }
  if (!flip) return;
  for (let row = 0; row < rows; row++) {
    map.subarray(offset + row * frames, offset + (row + 1) * frames).reverse();
  }
}
