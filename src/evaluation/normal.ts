/**
 * Distribution function of the standard normal: its power series near zero (Marsaglia, "Evaluating the normal distribution",
 * Journal of Statistical Software 11, 2004), Laplace's continued fraction in the tails, so that small tails keep their digits.
 * @returns probability of a value up to `x`, 0 to 1; NaN for NaN
 */
export function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) > 3) {
    let fraction = 0;
    for (let k = 100; k >= 1; k--) fraction = k / (Math.abs(x) + fraction);
    const tail = density / (Math.abs(x) + fraction);
    return x < 0 ? tail : 1 - tail;
  }
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** The value below which a standard normal lies with probability `share`; throws RangeError unless 0 < share < 1. */
export function normalQuantile(share: number): number {
  return quantileByBisection(normalCdf, share);
}

/**
 * Inverts the distribution function of a distribution that is symmetric around 0.
 * @param share 0 to 1, both excluded; throws RangeError elsewhere
 */
export function quantileByBisection(cdf: (x: number) => number, share: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`a quantile's share must lie between 0 and 1, got ${share}`);
  // The lower tail has more digits than one minus the upper.
  if (share > 0.5) return -quantileByBisection(cdf, 1 - share);
  let low = -1;
  while (cdf(low) > share) low *= 2;
  let high = 0;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
