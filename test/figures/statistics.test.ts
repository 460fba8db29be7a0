import fc from "fast-check";
import { expect, it } from "vitest";
import { contourPieces } from "../../src/figures/contours.js";
import { thinned } from "../../src/figures/embedding.js";
import { binsOf, outlineOf } from "../../src/figures/histogram.js";
import { expectedCalibrationError, reliability, reliabilityBins } from "../../src/figures/reliability.js";
import { summaryOf } from "../../src/figures/seedCurves.js";
import { wilsonInterval } from "../../src/figures/wilson.js";
import { noise } from "./examples.js";

it("Wilson's interval equals that of statsmodels", () => {
  // from statsmodels.stats.proportion import proportion_confint
  // [proportion_confint(k, n, method="wilson") for k, n in [(0, 10), (7, 10), (50, 50), (413, 800)]]
  const expected = [
    [0, 0.27753279986288926],
    [0.39677814746114537, 0.8922087325936989],
    [0.9286524008666412, 1],
    [0.4816258071112713, 0.5507188794120441],
  ];
  const found = [[0, 10], [7, 10], [50, 50], [413, 800]].map(([k, n]) => wilsonInterval(k!, n!)); // biome-ignore format: pairs
  for (const [i, value] of found.flat().entries()) expect(value).toBeCloseTo(expected.flat()[i]!, 12);
});

it("reliability: items fall into their bins, the calibration error is the mean distance", () => {
  const confidences = [0.05, 0.55, 0.58, 1, 0.95, Number.NaN];
  const correct = [false, true, false, true, true, true];
  const bins = reliabilityBins({ confidences, correct });
  expect(bins.map(({ from, count, accuracy }) => [from, count, accuracy])).toEqual([[0, 1, 0], [0.5, 2, 0.5], [0.9, 2, 1]]); // biome-ignore format: one line
  // (1 * |0 - 0.05| + 2 * |0.5 - 0.565| + 2 * |1 - 0.975|) / 5
  expect(expectedCalibrationError(bins)).toBeCloseTo((0.05 + 0.13 + 0.05) / 5, 12);
  expect(() => reliabilityBins({ confidences, correct: [true] })).toThrow("6 confidences need as many outcomes, got 1");
});

it("reliability: the same picture from items and from their counts", () => {
  const confidences = [0.05, 0.55, 0.58, 1, 0.95];
  const correct = [false, true, false, true, true];
  const counts = {
    counts: [1, 0, 0, 0, 0, 2, 0, 0, 0, 2],
    right: [0, 0, 0, 0, 0, 1, 0, 0, 0, 2],
    confidence: [0.05, null, null, null, null, 0.565, null, null, null, 0.975],
  };
  expect(reliability(counts).svg("light")).toBe(reliability({ confidences, correct }).svg("light"));
});

it("histograms count every number once, between round edges, as a search does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 80 }), (integers) => {
      const values = integers.map((value) => value / 4);
      const { edges, counts, leftOut } = binsOf([{ name: "a", values: [...values, Number.NaN] }], 12);
      expect(leftOut).toEqual([1]);
      counts[0]!.forEach((count, b) => {
        const last = b === counts[0]!.length - 1;
        const inside = values.filter((v) => v >= edges[b]! && (v < edges[b + 1]! || (last && v === edges[b + 1]!)));
        expect(count).toBe(inside.length);
      });
      expect(counts[0]!.reduce((sum, count) => sum + count, 0)).toBe(values.length);
    }),
    { numRuns: 60 },
  );
});

it("the outline of a histogram leaves the floor where there is something, and breaks where there is nothing", () => {
  expect(outlineOf([0, 1, 2, 3, 4], [2, 0, 1, 3], 0)).toEqual({
    x: [0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4],
    y: [0, 2, 2, 0, null, 0, 1, 1, 3, 3, 0, null],
    bin: [0, 0, 0, 0, 0, 2, 2, 2, 3, 3, 3, 3],
  });
});

it("the median of runs is of those that have the epoch, where at least half of them do", () => {
  const run = (values: (number | null)[]) => ({ name: "", epochs: [1, 2, 3, 4], values });
  const summary = summaryOf([
    run([1, 5, 2, 9]),
    run([3, 1, null, null]),
    run([2, 4, 4, null]),
    run([9, 2, null, null]),
  ]);
  expect(summary).toEqual({ epochs: [1, 2, 3], median: [2.5, 3, 3], low: [1, 1, 2], high: [9, 5, 4] });
});

it("few points of a kind are all kept, of many every n-th", () => {
  const points = Array.from({ length: 5000 }, (_, i) => ({ x: i, y: 0, group: i % 500 === 0 ? "rare" : "common" }));
  const kept = thinned(points, 1000);
  expect(kept.filter(({ group }) => group === "rare")).toHaveLength(10);
  expect(kept.length).toBeGreaterThan(900);
  expect(kept.length).toBeLessThanOrEqual(1010);
  expect(thinned(points.slice(0, 10), 10)).toEqual(points.slice(0, 10));
});

it("contours lie where the map, taken between its cells, has the level", () => {
  const [rows, frames] = [12, 17];
  const values = Float64Array.from({ length: rows * frames }, (_, i) => noise(i));
  const between = (a: number, b: number, share: number) => a + (b - a) * share;
  const pieces = contourPieces({ values, rows, frames }, 0.5);
  expect(pieces.length).toBeGreaterThan(50);
  for (const [frame, row] of pieces.flat()) {
    const [f, r] = [Math.min(frames - 2, Math.floor(frame)), Math.min(rows - 2, Math.floor(row))];
    const below = between(values[r * frames + f]!, values[r * frames + f + 1]!, frame - f);
    const above = between(values[(r + 1) * frames + f]!, values[(r + 1) * frames + f + 1]!, frame - f);
    expect(between(below, above, row - r)).toBeCloseTo(0.5, 9);
  }
  // A hill has one closed contour: each of its points belongs to two pieces.
  const hill = Float64Array.from({ length: 81 }, (_, i) => -Math.hypot((i % 9) - 4, Math.floor(i / 9) - 4));
  const ends = contourPieces({ values: hill, rows: 9, frames: 9 }, -2.3).flat().map(String);
  for (const end of new Set(ends)) expect(ends.filter((other) => other === end)).toHaveLength(2);
});
