import { expect, it } from "vitest";
import { expandedInterval, spreadOf } from "../../src/evaluation/expandedInterval.js";

/*
import numpy as np
u = [np.array([.02, -.01, .03, -.04]), np.array([.01, .015, -.025])]
seeds = np.array([.6, .64, .65])
V = sum((len(x) - 1) / len(x) * (x**2).sum() for x in u)
vv = max(sum(2 / 3 * (((len(x) - 1) / len(x) * x**2)**2).sum() for x in u), 2 * V**2 / 5)
s = seeds.var(ddof=1) / 3
print(np.sqrt(V + s), 2 * (V + s)**2 / (vv + 2 * s**2 / 2))
*/
it("adds patients and seeds up as Satterthwaite does; a single seed says nothing", () => {
  const influences = [
    [0.02, -0.01, 0.03, -0.04],
    [0.01, 0.015, -0.025],
  ];
  const spread = spreadOf(influences, [[0.6, 0.64, 0.65], [-0.7]]);
  expect(spread.standardError).toBeCloseTo(0.05582711408148076, 14);
  expect(spread.degrees).toBeCloseTo(5.747887833262107, 12);
});

it("has the standard error of a mean, and at most as many degrees as independent values less one", () => {
  // Left out, value x moves the mean of n by (mean - x) / (n - 1): the jackknife is then s / sqrt(n).
  const values = [3, 5, 4, 8, 9, 1, 0, 2];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const s = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  const spread = spreadOf([values.map((x) => (mean - x) / (values.length - 1))], [[0]]);
  expect(spread.standardError).toBeCloseTo(s / Math.sqrt(values.length), 12);
  expect(spread.degrees).toBeLessThanOrEqual(values.length - 1 + 1e-12);
  expect(spreadOf([[1, -1, 1, -1]], []).degrees).toBeCloseTo(3, 12);
});

/*
from scipy import stats
x = np.sort(0.5 + 0.1 * np.sin(np.arange(500) * 12.9898))
def bounds(se, df, level):
    t = stats.t.ppf((1 + level) / 2, df) * max(1, se / x.std(ddof=1))
    return np.quantile(x, [stats.norm.cdf(-t), stats.norm.cdf(t)])
print(bounds(.09, 5.5, .95), bounds(.01, 5.5, .9))
*/
it("takes the draws' quantiles at the levels that SciPy gives", () => {
  const draws = Array.from({ length: 500 }, (_, i) => 0.5 + 0.1 * Math.sin(i * 12.9898)).sort((a, b) => a - b);
  const wide = expandedInterval(draws, { standardError: 0.09, degrees: 5.5 }, 0.95);
  expect(wide.low).toBeCloseTo(0.4000027496187866, 9);
  expect(wide.high).toBeCloseTo(0.5999969468733876, 9);
  const narrow = expandedInterval(draws, { standardError: 0.01, degrees: 5.5 }, 0.9);
  expect(narrow.low).toBeCloseTo(0.4002384386019145, 9);
  expect(narrow.high).toBeCloseTo(0.599651394588426, 9);
});

it("has no bounds where there is nothing to draw from", () => {
  expect(expandedInterval([], { standardError: 1, degrees: 3 }, 0.95).low).toBeNaN();
  expect(expandedInterval([0.5, 0.5], { standardError: Number.NaN, degrees: 3 }, 0.95).high).toBeNaN();
  expect(expandedInterval([0.5, 0.5], { standardError: 0, degrees: 1 }, 0.95)).toEqual({ low: 0.5, high: 0.5 });
});
