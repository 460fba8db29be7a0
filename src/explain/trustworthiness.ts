import { nearest } from "./neighbours.js";

/**
 * How far the neighbours in a projection are neighbours before it, from 0 to 1: 1 minus the scaled sum of the ranks beyond `k` that new
 * neighbours have in the space they come from. Venna and Kaski, ICANN 2001; as scikit-learn's `manifold.trustworthiness`.
 *
 * @param before squared distances in the space that was projected, row-major `[points, points]`
 * @param after the same in the projection
 * @throws RangeError unless 1 <= k < points / 2
 */
export function trustworthiness(before: Float64Array, after: Float64Array, k: number): number {
  const count = Math.sqrt(before.length);
  if (after.length !== before.length) throw new RangeError("before and after must hold as many points");
  if (k >= count / 2) throw new RangeError(`k must be less than half of the ${count} points, got ${k}`);
  const neighbours = nearest(after, k);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = before.subarray(i * count, (i + 1) * count);
    for (let n = 0; n < k; n++) {
      const j = neighbours[i * k + n]!;
      const distance = row[j]!;
      let rank = 1;
      for (let other = 0; other < count; other++) {
        if (other !== i && (row[other]! < distance || (row[other]! === distance && other < j))) rank++;
      }
      sum += Math.max(0, rank - k);
    }
  }
  return 1 - (2 / (count * k * (2 * count - 3 * k - 1))) * sum;
}
