import type { Rng } from "../random/streams.js";
import { UserError } from "../userError.js";
import type { Clip } from "./augmentation.js";

/** One way to put a new item of a class together: an item of each of two classes, the first one first. */
export interface Composition {
  first: number;
  second: number;
  /** How often, as a share of the class's new items; a class's shares add up to 1. */
  share: number;
}

/** Of each class, the ways of putting it together; classes without any get no new items. */
export type Compositions = ReadonlyMap<number, readonly Composition[]>;

export interface ConcatenationOptions {
  compositions: Compositions;
  /** Every class is filled up to `scale` times the items of this one. */
  upTo: number;
  scale: number;
}

/** A new item and the two items it is made of, first and second. */
export type Concatenation = { label: number; parts: [first: number, second: number] };

/** Two items of the class itself, for each class 0 to `classes` - 1: the plain form. */
export function sameClass(classes: number): Compositions {
  return new Map(Array.from({ length: classes }, (_, label) => [label, [{ first: label, second: label, share: 1 }]]));
}

/**
 * Which items to concatenate so that every class has as many as `scale` times class `upTo` (concatenation-based augmentation,
 * papers.md 5.5). Parts are drawn with replacement. For training items only, before they are brought to a length.
 *
 * @param labels class of each item
 * @throws UserError where a class that parts come from has no item; RangeError for shares that do not add up to 1 and a negative
 *   scale
 */
export function drawConcatenations(
  rng: Rng,
  labels: ArrayLike<number>,
  { compositions, upTo, scale }: ConcatenationOptions,
): Concatenation[] {
  if (!(scale >= 0 && Number.isFinite(scale))) throw new RangeError(`concatenation: scale ${scale} must be 0 or more`);
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const items = byClass.get(labels[i]!);
    if (items) items.push(i);
    else byClass.set(labels[i]!, [i]);
  }
  const wanted = Math.round(scale * (byClass.get(upTo)?.length ?? 0));
  const drawn: Concatenation[] = [];
  // By label, so that the draws do not depend on the order in which compositions are written down.
  for (const [label, ways] of [...compositions].sort(([a], [b]) => a - b)) {
    const total = ways.reduce((sum, { share }) => sum + share, 0);
    if (Math.abs(total - 1) > 1e-9)
      throw new RangeError(`concatenation: shares of class ${label} add up to ${total}, must be 1`);
    for (let missing = wanted - (byClass.get(label)?.length ?? 0); missing > 0; missing--) {
      const { first, second } = choose(rng, ways);
      drawn.push({ label, parts: [itemOf(rng, byClass, first), itemOf(rng, byClass, second)] });
    }
  }
  return drawn;
}

/**
 * The clips one after the other.
 *
 * @throws RangeError without any, and for clips of different rates
 */
export function concatenated(clips: readonly Clip[]): Clip {
  const sampleRateHz = clips[0]?.sampleRateHz;
  if (sampleRateHz === undefined) throw new RangeError("concatenated: there are no clips");
  const samples = new Float32Array(clips.reduce((sum, clip) => sum + clip.samples.length, 0));
  let at = 0;
  for (const clip of clips) {
    if (clip.sampleRateHz !== sampleRateHz)
      throw new RangeError(`concatenated: clips of ${sampleRateHz} Hz and ${clip.sampleRateHz} Hz`);
    samples.set(clip.samples, at);
    at += clip.samples.length;
  }
  return { samples, sampleRateHz };
}

function choose(rng: Rng, ways: readonly Composition[]): Composition {
  let left = rng.uniform();
  for (const way of ways) {
    left -= way.share;
    if (left < 0) return way;
  }
  return ways[ways.length - 1]!;
}

function itemOf(rng: Rng, byClass: ReadonlyMap<number, number[]>, label: number): number {
  const items = byClass.get(label);
  if (!items) throw new UserError(`concatenation: no item of class ${label}, which others are put together from`);
  return items[rng.integer(items.length)]!;
}
