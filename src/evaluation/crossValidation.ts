/** Who is tested in one fold of a cross-validation: ids of patients, or of items. */
export interface FoldMembers {
  /** Such as "fold0". */
  name: string;
  members: readonly string[];
}

/** Places of names in a message; more are counted. */
const NAMED = 6;

/**
 * Refuses folds that may not be pooled: a pool counts everyone once.
 * @param what what the members are, plural, such as "patients"
 * @param all everyone who must be tested in some fold; not asked where absent
 * @throws RangeError that names who is in two test folds, or twice in one, and who is in none
 */
export function requireEachOnce(folds: readonly FoldMembers[], what: string, all: readonly string[] = []): void {
  const places = new Map<string, string[]>();
  for (const { name, members } of folds) {
    for (const member of members) places.set(member, [...(places.get(member) ?? []), name]);
  }
  const twice = [...places].filter(([, names]) => names.length > 1);
  if (twice.length > 0) {
    const who = named(twice.map(([member, names]) => `${member} (${names.join(", ")})`));
    throw new RangeError(`folds cannot be pooled: ${what} tested more than once: ${who}`);
  }
  const none = all.filter((member) => !places.has(member));
  if (none.length > 0) throw new RangeError(`folds cannot be pooled: ${what} tested in none of them: ${named(none)}`);
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A metric over the folds one by one, which stands beside the pooled number. */
export interface FoldSpread {
  mean: number;
  /** Sample standard deviation; NaN for a single fold. */
  deviation: number;
  low: number;
  high: number;
  /** Folds that lack what the metric needs, and count in none of the above. */
  undefined: number;
}

/**
 * Mean and spread over folds. Folds of unlike size and device are no repetitions of one experiment: the deviation describes them and
 * is no error of the mean.
 * @param values a number per fold, NaN where it has none; throws RangeError for an empty list
 */
export function foldSpread(values: readonly number[]): FoldSpread {
  if (values.length === 0) throw new RangeError("no folds to take the mean of");
  const found = values.filter(Number.isFinite);
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: found.length > 1 ? Math.sqrt(squares / (found.length - 1)) : Number.NaN,
    low: found.length > 0 ? Math.min(...found) : Number.NaN,
    high: found.length > 0 ? Math.max(...found) : Number.NaN,
    undefined: values.length - found.length,
  };
}
