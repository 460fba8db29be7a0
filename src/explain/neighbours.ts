import { breather, countPoints, type Points, type Watch } from "./points.js";

/** Squared Euclidean distances of every pair, row-major `[points, points]`. */
export async function squaredDistances(points: Points, watch: Watch = {}): Promise<Float64Array> {
  const { values, size } = points;
  const count = countPoints(points);
  const distances = new Float64Array(count * count);
  const breathe = breather(watch);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      let sum = 0;
      for (let d = 0; d < size; d++) {
        const difference = values[i * size + d]! - values[j * size + d]!;
        sum += difference * difference;
      }
      distances[i * count + j] = sum;
      distances[j * count + i] = sum;
    }
    await breathe((i + 1) / count);
  }
  return distances;
}

/**
 * The nearest other points of each, nearest first, row-major `[points, k]`; of equally near ones those that come first.
 *
 * @param distances row-major `[points, points]`
 * @throws RangeError unless 1 <= k < points
 */
export function nearest(distances: Float64Array, k: number): Int32Array {
  const count = Math.sqrt(distances.length);
  if (!Number.isInteger(k) || k < 1 || k >= count) {
    throw new RangeError(`k must be a whole number from 1 to ${count - 1}, the other points, got ${k}`);
  }
  const found = new Int32Array(count * k);
  for (let i = 0; i < count; i++) {
    const row = distances.subarray(i * count, (i + 1) * count);
    const own = found.subarray(i * k, (i + 1) * k);
    let filled = 0;
    for (let j = 0; j < count; j++) {
      if (j === i || (filled === k && row[j]! >= row[own[k - 1]!]!)) continue;
      // Insertion: the last one falls out.
      let at = filled < k ? filled++ : k - 1;
      while (at > 0 && row[own[at - 1]!]! > row[j]!) own[at] = own[--at]!;
      own[at] = j;
    }
  }
  return found;
}
