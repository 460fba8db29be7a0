import fc from "fast-check";
import { expect, test } from "vitest";
import { numberTexts } from "../../src/lab/numberText.js";

// Expected texts by the rule: three digits of the largest up to 1, four above, none for whole numbers.
test.each([
  [
    [1, 20, -3],
    ["1", "20", "-3"],
  ],
  [
    [0.6123456, 0.05, 1],
    ["0.612", "0.050", "1.000"],
  ],
  [
    [12.3456, 1.5],
    ["12.35", "1.50"],
  ],
  [
    [123.456, 7.25],
    ["123.5", "7.3"],
  ],
  [
    [123456.789, 0.5],
    ["123456.8", "0.5"],
  ],
  [
    [0.5, 0.25],
    ["0.50", "0.25"],
  ],
  [[0.0123456], ["0.0123"]],
  [
    [0.6, 1.2e-7, -3e-9],
    ["0.600", "1.20e-7", "-3.00e-9"],
  ],
  [
    [1e-9, 2.5e-8],
    ["1.00e-9", "2.50e-8"],
  ],
  [
    [6.02e23, 1],
    ["6.02e+23", "1"],
  ],
  [
    [Number.NaN, Infinity, -Infinity, 0.25],
    ["NaN", "∞", "-∞", "0.25"],
  ],
  [
    [-0, 0.5],
    ["0.0", "0.5"],
  ],
  [[], []],
])("%j is shown as %j", (values, texts) => {
  expect(numberTexts(values)).toEqual(texts);
});

test("no number is off by more than half of a hundredth of the column's largest", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })), (values) => {
      const largest = Math.max(0, ...values.map(Math.abs));
      numberTexts(values).forEach((text, at) => {
        const off = Math.abs(Number(text) - values[at]!);
        // toExponential(2) keeps three digits: at worst a half of the third of 1.00.
        expect(off).toBeLessThanOrEqual(Math.max(5.1e-3 * largest, Number.MIN_VALUE));
      });
    }),
  );
});
