/**
 * Items looked at after each epoch, and at the end; those of test sets are counted without opening them. Under `honest` the select role
 * is looked at once more at the end, since probabilities are calibrated on it; where the training role is assessed, it and the select role are.
 */
export function evaluatedItems({
  tests,
  select,
  train = [],
  published,
  chooseBy,
  testItems = Infinity,
}: {
  tests: Readonly<Record<string, { count: number } | undefined>>;
  select: readonly unknown[];
  train?: readonly unknown[];
  published: boolean;
  chooseBy: "select" | "test";
  /** At most so many items of each test set are looked at; absent: all. */
  testItems?: number;
}): { itemsPerEpoch: number; itemsAtEnd: number } {
  const tested = Object.values(tests).reduce((sum, set) => sum + Math.min(set?.count ?? 0, testItems), 0);
  const selectAtEnd = published && train.length === 0 ? 0 : select.length;
  return {
    itemsPerEpoch: (chooseBy === "select" ? select.length : 0) + (published ? tested : 0),
    itemsAtEnd: tested + train.length + selectAtEnd,
  };
}
