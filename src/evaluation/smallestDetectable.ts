import { clusterJackknife } from "./clusterJackknife.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { RowRuns } from "./resampledRows.js";
import { studentTQuantile } from "./studentT.js";

/** What a test set can tell apart. */
export interface SmallestDetectable {
  /** On the metric's own scale; NaN where the metric hangs on a single patient. */
  difference: number;
  /** Over patients and, where there are several, training seeds. */
  standardError: number;
  degrees: number;
}

/**
 * The true difference that a two-sided test at 5 % finds with a chance of 80 %: (t(0.975) + t(0.8)) standard errors (Cohen,
 * "Statistical power analysis", 1988; Bloom, "Minimum detectable effects", 1995), with the clustered standard error of a
 * measured row and Student's quantiles at its degrees of freedom.
 * @param correlation without it the difference is from a fixed number, such as a printed one; with it, between two rows like
 *   this one on this test set, whose patients' contributions correlate so (`contributionCorrelation`)
 * @throws RangeError where runs differ in sets or patients, or for a correlation beyond -1 and 1
 */
export function smallestDetectable<Metric extends string>({
  runs,
  metrics,
  correlation,
  power = 0.8,
  level = 0.05,
}: {
  runs: RowRuns;
  /** Metrics of the pooled counts of one run's set. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  correlation?: number;
  power?: number;
  level?: number;
}): Record<Metric, SmallestDetectable> {
  if (correlation !== undefined && !(Math.abs(correlation) <= 1)) {
    throw new RangeError(`a correlation must lie between -1 and 1, got ${correlation}`);
  }
  // Variance of a difference of two with the same variance: 2 (1 - correlation) times it.
  const factor = correlation === undefined ? 1 : Math.sqrt(2 * (1 - correlation));
  const jackknife = clusterJackknife({ rows: [runs], factors: [1], metrics });
  const result = {} as Record<Metric, SmallestDetectable>;
  for (const name of Object.keys(jackknife) as Metric[]) {
    const { degrees, standardError: ofRow } = jackknife[name].spread;
    const standardError = factor * ofRow;
    if (Number.isNaN(standardError)) {
      result[name] = { difference: Number.NaN, standardError, degrees };
      continue;
    }
    const errors = studentTQuantile(1 - level / 2, degrees) + studentTQuantile(power, degrees);
    result[name] = { difference: errors * standardError, standardError, degrees };
  }
  return result;
}

/**
 * Pearson's correlation of the patients' contributions to a metric between two rows on the same test set: near 1 where both
 * find the same patients hard. NaN where a row's patients all contribute alike.
 * Throws RangeError where the rows are not of the same patients.
 */
export function contributionCorrelation<Metric extends string>(
  first: RowRuns,
  second: RowRuns,
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>,
): Record<Metric, number> {
  const namesOf = (row: RowRuns) => row[0]?.map((set) => set.map(({ patient }) => patient).sort().join()).join(";"); // biome-ignore format: one line
  if (namesOf(first) !== namesOf(second)) throw new RangeError("the rows are not of the same patients");
  const one = clusterJackknife({ rows: [first], factors: [1], metrics });
  const other = clusterJackknife({ rows: [second], factors: [1], metrics });
  const result = {} as Record<Metric, number>;
  for (const name of Object.keys(one) as Metric[]) {
    result[name] = correlationOf(one[name].influences.flat(), other[name].influences.flat());
  }
  return result;
}

function correlationOf(a: readonly number[], b: readonly number[]): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    both += (value - meanA) * (b[i]! - meanB);
    squaresA += (value - meanA) ** 2;
    squaresB += (b[i]! - meanB) ** 2;
  });
  return both / Math.sqrt(squaresA * squaresB);
}
