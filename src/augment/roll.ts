import type { ClipAugmentation, MapAugmentation } from "./augmentation.js";
import { placeAt } from "./range.js";
import { percent } from "./zone.js";

/** How far round, as a share of the length. */
export type Roll = { shift: number };

/**
 * A clip shifted in a circle, later by a share of its length that is uniform from 0 to 1: what leaves at the end comes in at
 * the start (`numpy.roll`; papers.md 6.7).
 */
export function roll(): ClipAugmentation<Roll> {
  return {
    name: "roll",
    options: {},
    draw: (rng) => ({ shift: rng.uniform() }),
    apply: (clip, { shift }) => ({ ...clip, samples: rolled(clip.samples, 1, clip.samples.length, shift) }),
    describe: ({ shift }) => `rolled by ${percent(shift)}`,
  };
}

/** `roll` of a map's frames. */
export function rollFrames(): MapAugmentation<Roll> {
  return {
    name: "rollFrames",
    options: {},
    draw: (rng) => ({ shift: rng.uniform() }),
    apply: (map, { shift }) => ({ ...map, data: rolled(map.data, map.rows, map.frames, shift) }),
    describe: ({ shift }) => `rolled by ${percent(shift)}`,
  };
}

/** Each of `rows` rows of `length` cells shifted in a circle; a cell may hold several values. */
function rolled(values: Float32Array, rows: number, length: number, shift: number): Float32Array {
  if (values.length === 0) return values;
  const width = values.length / rows;
  const by = placeAt(shift, length) * (width / length);
  const out = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += width) {
    out.set(values.subarray(from, from + width - by), from + by);
    out.set(values.subarray(from + width - by, from + width), from);
  }
  return out;
}
