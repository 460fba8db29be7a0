/** McNemar's test of two models' decisions on the same items. */
export interface McNemar {
  /** Items that only the first model got right, and only the second. */
  onlyFirst: number;
  onlySecond: number;
  /** Two-sided, from the binomial distribution. */
  exact: number;
  /** The same with the observed outcome counted half, which is less conservative. */
  midP: number;
}

/**
 * McNemar's test, exact and mid-p (Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data", BMC
 * Medical Research Methodology 13, 2013). **A description only**: it takes items for independent, and those of one patient
 * are not, so that its p values are too small; `randomisationTest` is the test.
 * Throws RangeError unless both counts are whole numbers of at least 0.
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`a count of items, not ${count}`);
  }
  const items = onlyFirst + onlySecond;
  const smaller = Math.min(onlyFirst, onlySecond);
  let logTerm = -items * Math.LN2;
  let below = 0;
  for (let k = 0; k < smaller; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((items - k) / (k + 1));
  }
  const observed = Math.exp(logTerm);
  const even = onlyFirst === onlySecond;
  return {
    onlyFirst,
    onlySecond,
    exact: even ? 1 : Math.min(1, 2 * (below + observed)),
    midP: items === 0 ? 1 : even ? 1 - observed / 2 : 2 * below + observed,
  };
}

/** How many items only one of two models got right. All lists are of class indices, [items]; throws RangeError otherwise. */
export function discordantItems(
  truths: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { onlyFirst: number; onlySecond: number } {
  if (first.length !== truths.length || second.length !== truths.length) {
    throw new RangeError(`${truths.length} truths, but ${first.length} and ${second.length} predictions`);
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < truths.length; i++) {
    const right = first[i] === truths[i];
    if (right === (second[i] === truths[i])) continue;
    if (right) onlyFirst++;
    else onlySecond++;
  }
  return { onlyFirst, onlySecond };
}
