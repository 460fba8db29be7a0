/**
 * Items looked at after each epoch, and at the end; those of test sets are counted without opening them. Under `honest` the select role
 * is looked at once more at the end: probabilities are calibrated on it.
 */
export function evaluatedItems({
  tests,
  select,
  published,
  recipe,
}: {
  tests: Readonly<Record<string, { count: number } | undefined>>;
  select: readonly unknown[];
  published: boolean;
  /** At most so many items of each test set are looked at; absent: all. */
  recipe: { testItems?: number };
}): { itemsPerEpoch: number; itemsAtEnd: number } {
  const tested = Object.values(tests).reduce(
    (sum, set) => sum + Math.min(set?.count ?? 0, recipe.testItems ?? Infinity),
    0,
  );
  return published
    ? { itemsPerEpoch: select.length + tested, itemsAtEnd: tested }
    : { itemsPerEpoch: select.length, itemsAtEnd: select.length + tested };
}
