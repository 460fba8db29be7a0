import { expect, it } from "vitest";
import { studentTCdf, studentTQuantile } from "../../src/evaluation/studentT.js";

// scipy.stats.t.cdf(t, degrees)
it.each([
  [-12.7, 1, 0.025012163844672083],
  [-2, 2.5, 0.07869574787898295],
  [-0.3, 7, 0.3864450252010671],
  [0, 3, 0.5],
  [1.5, 40, 0.9292666115604259],
  [4, 160, 0.9999517103877136],
  [2, 1e6, 0.9772497330743404],
])("gives SciPy's probability of %d at %d degrees", (t, degrees, expected) => {
  expect(studentTCdf(t, degrees)).toBeCloseTo(expected, 9);
});

// scipy.stats.t.ppf(share, degrees)
it.each([
  [0.975, 1, 12.706204736174694],
  [0.975, 2.5, 3.5746548420036817],
  [0.975, 40, 2.021075390306273],
  [0.8, 6.6, 0.8995269741983853],
  [0.005, 12, -3.054539589392902],
  [0.975, 1e9, 1.959963986912325],
])("gives SciPy's quantile of %d at %d degrees", (share, degrees, expected) => {
  expect(studentTQuantile(share, degrees)).toBeCloseTo(expected, 7);
});

it("refuses degrees of freedom that are none", () => {
  for (const degrees of [0, -1, Number.NaN]) expect(() => studentTCdf(1, degrees)).toThrow(RangeError);
});
