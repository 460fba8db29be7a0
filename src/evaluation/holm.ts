/**
 * Holm's step-down adjustment of the p values of one table, which holds the chance of any false rejection at the level at
 * which the adjusted values are read (Holm, "A simple sequentially rejective multiple test procedure", 1979).
 * @param pValues 0 to 1, or NaN where a comparison could not be made: it stays NaN and counts as no comparison; throws
 *   RangeError for other values
 * @returns adjusted p values in the order given, 0 to 1
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) {
    if (p < 0 || p > 1) throw new RangeError(`a p value must lie between 0 and 1, got ${p}`);
  }
  const order = pValues.flatMap((p, i) => (Number.isNaN(p) ? [] : [i])).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => Number.NaN);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[i]!));
    adjusted[i] = largest;
  });
  return adjusted;
}
