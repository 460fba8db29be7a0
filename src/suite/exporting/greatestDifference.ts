/** The greatest difference of values; of the shorter list's length. NaN where either has a NaN. */
export function greatestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let greatest = 0;
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = Math.abs(one[i]! - other[i]!);
    if (!(difference <= greatest)) greatest = difference;
    if (Number.isNaN(greatest)) return greatest;
  }
  return greatest;
}
