import { expect, test } from "vitest";
import { mapDifference } from "../../../src/bench/features/mapDifference.js";

test("ours minus theirs, and the largest of all and of those that count", () => {
  const difference = mapDifference(
    Float32Array.of(1, 2, 3, 4),
    Float32Array.of(1, 4, 2.5, 4),
    Uint8Array.of(1, 0, 1, 1),
  );
  expect(difference).toEqual({
    values: Float32Array.of(0, -2, 0.5, 0),
    largest: 2,
    largestCounted: 0.5,
    quantile999: 0.5,
    countedShare: 0.75,
  });
});

test("999 of 1,000 are below the quantile", () => {
  const ours = Float32Array.from({ length: 2000 }, (_, i) => 2000 - i); // 1 to 2000
  const { largest, quantile999 } = mapDifference(ours, new Float32Array(2000));
  expect([largest, quantile999]).toEqual([2000, 1998]);
});

test("nothing that counts has no difference; other lengths and what is no number are refused", () => {
  const nothing = mapDifference(Float32Array.of(1), Float32Array.of(3), Uint8Array.of(0));
  expect(nothing).toMatchObject({ largest: 2, largestCounted: 0, quantile999: 0, countedShare: 0 });
  expect(() => mapDifference(new Float32Array(2), new Float32Array(3))).toThrow(/2 and 3 values/);
  expect(() => mapDifference(Float32Array.of(1, Number.NaN), Float32Array.of(1, 1))).toThrow(/value 1 is NaN in ours/);
});
