import type { MapAugmentation } from "./augmentation.js";
import { type Axis, axisSize, checkFill, copyMap, type Fill, fillStripe, fillValue } from "./map.js";
import { checkShare, placeAt } from "./range.js";
import { percent } from "./zone.js";

export interface MaskShareOptions {
  /** Of one axis. */
  share: number;
  /** How many stripes it is spread over, each number equally likely. */
  stripes: readonly number[];
  fill: Fill;
}

/** One place for each stripe, in order; see `placeAt`. */
export type MaskShare = { axis: Axis; places: number[] };

/**
 * A given share of the rows or of the frames, each equally likely, set to one value: in stripes of equal width (to a cell),
 * which never overlap, the same for all channels (papers.md 1.5).
 *
 * @throws RangeError for a share or numbers of stripes that are none
 */
export function maskShare({ share, stripes, fill }: MaskShareOptions): MapAugmentation<MaskShare> {
  checkShare("maskShare: share", share);
  checkFill("maskShare: fill", fill);
  if (stripes.length === 0 || !stripes.every((count) => Number.isInteger(count) && count > 0))
    throw new RangeError(`maskShare: stripes must be positive integers, got [${stripes.join(", ")}]`);
  return {
    name: "maskShare",
    options: { share, stripes, fill },
    draw: (rng) => {
      const axis = rng.integer(2) === 0 ? "rows" : "frames";
      const count = stripes[rng.integer(stripes.length)]!;
      return { axis, places: Array.from({ length: count }, () => rng.uniform()).sort((a, b) => a - b) };
    },
    apply: (map, { axis, places }) => {
      const out = copyMap(map);
      const size = axisSize(map, axis);
      const masked = Math.round(share * size);
      const values = Array.from({ length: map.channels ?? 1 }, (_, channel) => fillValue(map, channel, fill));
      for (const [i, place] of places.entries()) {
        // Stripes stand in order, and the places are among the cells that stay: a stripe starts after those before it.
        const before = Math.round((masked * i) / places.length);
        const start = placeAt(place, size - masked + 1) + before;
        const end = start + Math.round((masked * (i + 1)) / places.length) - before;
        for (const [channel, value] of values.entries()) fillStripe(out, axis, start, end, channel, value);
      }
      return out;
    },
    describe: ({ axis, places }) =>
      `masked ${percent(share)} of the ${axis} in ${places.length} stripe${places.length === 1 ? "" : "s"}`,
  };
}
