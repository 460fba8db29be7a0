import { normalCdf, normalQuantile } from "./normal.js";
import { quantile } from "./quantile.js";
import { studentTQuantile } from "./studentT.js";

/** How uncertain an estimate is by the data themselves, without drawing. */
export interface Spread {
  /** Standard error; NaN where the estimate hangs on a single patient. */
  standardError: number;
  /** Degrees of freedom of that standard error. */
  degrees: number;
}

/**
 * Standard error by leaving out one patient at a time (the stratified jackknife, Tukey 1958, called CV3 for clustered data)
 * and by the scatter of the seeds, with degrees of freedom after Satterthwaite (1946): twice the squared variance over
 * the variance of its estimate, which the fourth powers of the influences estimate as for normal ones (Pan and Wall,
 * "Small-sample adjustments in using the sandwich variance estimator", Statistics in Medicine 21, 2002). They are few where
 * a handful of patients decides, however many there are.
 * @param influences change of the estimate when a patient is left out, [strata][patients]
 * @param runs the estimate of each seed, [rows][seeds]; a row with one seed adds nothing
 */
export function spreadOf(influences: readonly (readonly number[])[], runs: readonly (readonly number[])[]): Spread {
  let variance = 0;
  let varianceOfVariance = 0;
  let patients = 0;
  for (const stratum of influences) {
    const factor = (stratum.length - 1) / stratum.length;
    patients += stratum.length - 1;
    for (const influence of stratum) {
      variance += factor * influence ** 2;
      varianceOfVariance += (2 / 3) * (factor * influence ** 2) ** 2;
    }
  }
  varianceOfVariance = Math.max(varianceOfVariance, (2 * variance ** 2) / patients);
  for (const seeds of runs) {
    if (seeds.length === 1) continue;
    const mean = seeds.reduce((sum, value) => sum + value, 0) / seeds.length;
    const ofMean = seeds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds.length - 1) / seeds.length;
    variance += ofMean;
    varianceOfVariance += (2 * ofMean ** 2) / (seeds.length - 1);
  }
  const degrees = varianceOfVariance === 0 ? 1 : Math.max(1, (2 * variance ** 2) / varianceOfVariance);
  return { standardError: Math.sqrt(variance), degrees };
}

/**
 * Percentile interval at widened levels: quantiles of the draws at the shares that a normal distribution has beyond
 * t SE / SD, where t is Student's quantile, SE the standard error of `spread` and SD the draws' own standard deviation,
 * where that is smaller (Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69, 2015,
 * section 4.3). Bounds never leave the range of the draws.
 * @param sorted draws that are numbers, ascending
 * @returns NaN bounds where there is nothing to draw from: no draws, or an estimate that hangs on a single patient
 */
export function expandedInterval(
  sorted: ArrayLike<number>,
  { standardError, degrees }: Spread,
  level: number,
): { low: number; high: number } {
  if (sorted.length === 0 || Number.isNaN(standardError)) return { low: Number.NaN, high: Number.NaN };
  const upper = (1 + level) / 2;
  const deviation = standardDeviation(sorted);
  const tooNarrow = deviation === 0 ? 1 : Math.max(1, standardError / deviation);
  const reach = deviation === 0 ? normalQuantile(upper) : studentTQuantile(upper, degrees) * tooNarrow;
  const tail = normalCdf(-reach);
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}
