import type { Rng } from "../random/streams.js";

/** One more training item: item `item` with the value `value` of what is varied. */
export type ExtraCopy = { item: number; value: number };

/**
 * Copies that are made once, before training: of each item of a class, as many as asked for, each with another of the values
 * (speed factors: papers.md 4.5). In the order of the items, and of the values within an item.
 *
 * @param labels class of each item
 * @param copies how many for each item of a class; classes that are not in it get none
 * @throws RangeError for more copies than values
 */
export function drawExtraCopies(
  rng: Rng,
  labels: ArrayLike<number>,
  copies: ReadonlyMap<number, number>,
  values: readonly number[],
): ExtraCopy[] {
  const drawn: ExtraCopy[] = [];
  for (let item = 0; item < labels.length; item++) {
    const count = copies.get(labels[item]!) ?? 0;
    if (!Number.isInteger(count) || count < 0 || count > values.length)
      throw new RangeError(`extra copies: class ${labels[item]} must have 0 to ${values.length} copies, got ${count}`);
    if (count === 0) continue;
    const chosen = new Set(rng.shuffle(values).slice(0, count));
    drawn.push(...values.filter((value) => chosen.has(value)).map((value) => ({ item, value })));
  }
  return drawn;
}
