import type { Rng } from "../random/streams.js";

/** Whether time runs backwards. */
export interface Flip {
  flip: boolean;
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
