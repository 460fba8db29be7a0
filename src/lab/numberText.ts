/** What the numbers of one column look like, all with the same digits behind the point, so that they can be compared by eye. */
export function numberTexts(values: readonly number[]): string[] {
  const finite = values.filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const decimals = decimalsOf(finite, largest);
  return values.map((value) => {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
    const text = value.toFixed(decimals);
    const vanishes = value !== 0 && (Number(text) === 0 || largest < 1e-3);
    return vanishes || Math.abs(value) >= 1e15 ? value.toExponential(2) : text.replace(/^-(0\.?0*)$/, "$1");
  });
}

/**
 * Enough for three digits of the largest up to 1 (scores: 0.612) and four of larger ones (12.35); none for whole numbers;
 * fewer where all numbers are written in full with fewer.
 */
function decimalsOf(values: readonly number[], largest: number): number {
  if (values.every(Number.isInteger)) return 0;
  const digits = Math.ceil(Math.log10(largest));
  const sensible = Math.min(6, Math.max(1, (digits <= 0 ? 3 : 4) - digits));
  for (let fewer = 1; fewer < sensible; fewer++)
    if (values.every((value) => Number(value.toFixed(fewer)) === value)) return fewer;
  return sensible;
}
