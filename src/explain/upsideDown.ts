import type { CamMap } from "./gradCam.js";

/** A map with its last row first: of a picture, whose first row is the top, one whose first row is the bottom, as figures draw it. */
export function upsideDown({ values, rows, frames }: CamMap): CamMap {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    turned.set(values.subarray(row * frames, (row + 1) * frames), (rows - 1 - row) * frames);
  }
  return { values: turned, rows, frames };
}
