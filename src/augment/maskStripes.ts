import type { FeatureMap } from "../features/frontEnd.js";
import type { Rng } from "../random/streams.js";
import type { MapAugmentation } from "./augmentation.js";
import { type Axis, axisSize, checkFill, copyMap, type Fill, fillStripe, fillValue } from "./map.js";
import { placeAt } from "./range.js";

/** Stripes of a random width over the whole of the other axis. */
export interface Stripes {
  count: number;
  /** Widths are 0 to `widthBelow` - 1 cells, all equally likely: floor(U(0, widthBelow)). */
  widthBelow: number;
}

export interface MaskStripesOptions {
  /** Rows of the map: bands. Default none. */
  rows?: Stripes;
  /** Default none. */
  frames?: Stripes;
  fill: Fill;
  /** Stripes of its own for each of so many channels; by default the same ones for all of a map's channels. */
  ownStripesFor?: number;
}

/** `place` as `placeAt` takes it; `channel` null for all. */
export type Stripe = { axis: Axis; width: number; place: number; channel: number | null };

/**
 * Stripes of a map set to one value (SpecAugment's masking, Park et al. 2019; papers.md 6.8). A stripe lies at any place
 * where it fits; a wider one than the map covers all of it.
 *
 * @throws RangeError for options that are out of range
 */
export function maskStripes(options: MaskStripesOptions): MapAugmentation<Stripe[]> {
  const { fill, ownStripesFor } = options;
  const kinds = [
    ["rows", options.rows],
    ["frames", options.frames],
  ] as const;
  checkFill("maskStripes: fill", fill);
  for (const [axis, stripes] of kinds) {
    if (!stripes) continue;
    checkCount(`maskStripes: count of ${axis}`, stripes.count, 0);
    checkCount(`maskStripes: widthBelow of ${axis}`, stripes.widthBelow, 1);
  }
  if (ownStripesFor !== undefined) checkCount("maskStripes: ownStripesFor", ownStripesFor, 1);
  const channels = ownStripesFor === undefined ? [null] : Array.from({ length: ownStripesFor }, (_, i) => i);
  const drawStripes = (rng: Rng, axis: Axis, stripes: Stripes | undefined, channel: number | null): Stripe[] =>
    Array.from({ length: stripes?.count ?? 0 }, () => ({
      axis,
      width: rng.integer(stripes!.widthBelow),
      place: rng.uniform(),
      channel,
    }));
  return {
    name: "maskStripes",
    options: {
      rows: options.rows ? { ...options.rows } : null,
      frames: options.frames ? { ...options.frames } : null,
      fill,
      ownStripesFor: ownStripesFor ?? null,
    },
    draw: (rng) =>
      channels.flatMap((channel) => kinds.flatMap(([axis, stripes]) => drawStripes(rng, axis, stripes, channel))),
    apply: (map, drawn) => {
      const found = map.channels ?? 1;
      if (ownStripesFor !== undefined && ownStripesFor !== found)
        throw new RangeError(`maskStripes: stripes for ${ownStripesFor} channels, the map has ${found}`);
      return withStripes(map, drawn, fill);
    },
    describe: (drawn) =>
      drawn.length === 0
        ? "no mask"
        : `masked ${drawn.map(({ axis, width, channel }) => `${width} ${axis}${channel === null ? "" : ` of channel ${channel}`}`).join(", ")}`,
  };
}

function withStripes(map: FeatureMap, stripes: readonly Stripe[], fill: Fill): FeatureMap {
  const out = copyMap(map);
  const values = Array.from({ length: map.channels ?? 1 }, (_, channel) => fillValue(map, channel, fill));
  for (const { axis, width, place, channel } of stripes) {
    const size = axisSize(map, axis);
    checkCount("maskStripes: width", width, 0);
    const start = placeAt(place, Math.max(size - width, 0) + 1);
    for (const [c, value] of values.entries()) {
      if (channel === null || channel === c) fillStripe(out, axis, start, Math.min(start + width, size), c, value);
    }
  }
  return out;
}

function checkCount(what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${what} must be an integer from ${least}, got ${value}`);
}
