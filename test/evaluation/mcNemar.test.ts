import { expect, it } from "vitest";
import { discordantItems, mcNemar } from "../../src/evaluation/mcNemar.js";

/*
import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
for b, c in [(0, 5), (3, 11), (11, 3), (8, 8), (40, 71), (1200, 1350)]:
    k = np.arange(b + c + 1)
    mass, apart = stats.binom.pmf(k, b + c, .5), abs(2 * k - b - c)
    mid = mass[apart > abs(b - c)].sum() + mass[apart == abs(b - c)].sum() / 2
    print(b, c, mcnemar([[9, b], [c, 9]], exact=True).pvalue, mid)
*/
it.each([
  [0, 5, 0.0625, 0.03125],
  [3, 11, 0.057373046875, 0.035156250000000056],
  [11, 3, 0.057373046875, 0.035156250000000056],
  [8, 8, 1, 0.9018096923828123],
  [40, 71, 0.004195534185394861, 0.0032169399516518305],
  [1200, 1350, 0.003163536948938072, 0.002971993055114228],
])("gives statsmodels' exact and SciPy's mid-p value of %d against %d", (onlyFirst, onlySecond, exact, midP) => {
  const test = mcNemar(onlyFirst, onlySecond);
  expect(Math.abs(test.exact / exact - 1)).toBeLessThan(1e-9);
  expect(Math.abs(test.midP / midP - 1)).toBeLessThan(1e-9);
});

it("sees no difference where there is none to see", () => {
  expect(mcNemar(0, 0)).toMatchObject({ exact: 1, midP: 1 });
  expect(() => mcNemar(-1, 0)).toThrow(RangeError);
  expect(() => mcNemar(0.5, 0)).toThrow(RangeError);
});

it("counts the items that only one got right", () => {
  expect(discordantItems([0, 1, 2, 1, 0], [0, 1, 0, 0, 1], [0, 2, 2, 1, 2])).toEqual({ onlyFirst: 1, onlySecond: 2 });
  expect(() => discordantItems([0], [0, 1], [0])).toThrow(RangeError);
});
