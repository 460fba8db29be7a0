/** Items looked at after each epoch, and at the end; those of test sets are counted without opening them. */
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
  const itemsAtEnd = Object.values(tests).reduce(
    (sum, set) => sum + Math.min(set?.count ?? 0, recipe.testItems ?? Infinity),
    0,
  );
  return { itemsPerEpoch: select.length + (published ? itemsAtEnd : 0), itemsAtEnd };
}
