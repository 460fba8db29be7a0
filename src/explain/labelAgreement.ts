import { nearest } from "./neighbours.js";

export interface LabelAgreement {
  /** Mean share of a point's nearest neighbours that are of its class, from 0 to 1. */
  agreement: number;
  /** What labels dealt out at random would give: 1 where all points are of one class. */
  chance: number;
}

/**
 * How far a point's nearest neighbours are of its class.
 *
 * @param distances squared, row-major `[points, points]`
 * @param classes of each point
 * @throws RangeError unless 1 <= k < points
 */
export function labelAgreement(distances: Float64Array, classes: readonly number[], k: number): LabelAgreement {
  const count = classes.length;
  if (distances.length !== count * count) throw new RangeError(`${count} classes need as many points`);
  const same = nearest(distances, k).reduce(
    (sum, j, place) => sum + (classes[j] === classes[Math.floor(place / k)] ? 1 : 0),
    0,
  );
  const sizes = new Map<number, number>();
  for (const one of classes) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  const pairs = [...sizes.values()].reduce((sum, size) => sum + size * (size - 1), 0);
  return { agreement: same / (count * k), chance: pairs / (count * (count - 1)) };
}
