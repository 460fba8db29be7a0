import { describe, expect, test } from "vitest";
import { foldSpread, requireEachOnce } from "../../src/evaluation/crossValidation.js";

describe("folds that are pooled", () => {
  const folds = [
    { name: "fold0", members: ["101", "102"] },
    { name: "fold1", members: ["103"] },
    { name: "fold2", members: [] },
  ];

  test("test everyone once", () => {
    expect(() => requireEachOnce(folds, "patients", ["101", "102", "103"])).not.toThrow();
  });

  test("are refused with the names of who is tested twice", () => {
    const again = [...folds, { name: "fold3", members: ["104", "102"] }];
    expect(() => requireEachOnce(again, "patients")).toThrow(
      new RangeError("folds cannot be pooled: patients tested more than once: 102 (fold0, fold3)"),
    );
    expect(() => requireEachOnce([{ name: "fold0", members: ["a#1", "a#1"] }], "cycles")).toThrow("a#1 (fold0, fold0)");
  });

  test("are refused with the names of who is tested in none, the first six of many", () => {
    expect(() => requireEachOnce(folds, "patients", ["101", "109"])).toThrow("tested in none of them: 109");
    const many = Array.from({ length: 9 }, (_, i) => `20${i}`);
    expect(() => requireEachOnce(folds, "patients", many)).toThrow(/: 200, 201, 202, 203, 204, 205 and 3 more$/);
  });
});

test("mean and spread over folds, as numpy's mean and std(ddof=1)", () => {
  // np.array([0.51, 0.63, 0.44, 0.58, 0.47]): mean 0.526, std(ddof=1) 0.07829431652425353
  const found = foldSpread([0.51, 0.63, 0.44, 0.58, 0.47]);
  expect(found.mean).toBeCloseTo(0.526, 12);
  expect(found.deviation).toBeCloseTo(0.07829431652425353, 12);
  expect(found).toMatchObject({ low: 0.44, high: 0.63, undefined: 0 });
  expect(foldSpread([0.5, Number.NaN, 0.7])).toMatchObject({ mean: expect.closeTo(0.6), low: 0.5, undefined: 1 });
  expect(foldSpread([0.5]).deviation).toBeNaN();
  expect(foldSpread([Number.NaN]).mean).toBeNaN();
  expect(() => foldSpread([])).toThrow(RangeError);
});
