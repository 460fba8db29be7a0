import fc from "fast-check";
import { expect, it } from "vitest";
import { mapProfiles } from "../../src/figures/index.js";
import { expectPlainJson, expectWellFormed } from "./wellFormed.js";

const map = {
  ...{ values: Array.from({ length: 15 }, (_, i) => i), rows: 3, frames: 5, hopSeconds: 0.5 },
  ...{ rowLabel: "frequency (Hz)", valueLabel: "power (dB)" },
};
const labels = { rowsLabel: "of a row", framesLabel: "of a frame" };
const fine = { name: "fine", rows: [1, 2, 3], frames: [1, 2, 3, 4, 5] };
const coarse = { name: "coarse & rough", cells: 2, rows: [7], frames: [8, 9] };

it("profiles stand on the map's own axes; what is left over has none", () => {
  const { data, layout } = mapProfiles({ map, profiles: [fine, coarse], ...labels, reference: 1 }).plotly();
  expect(data.map(({ x, y }) => ({ x, y })).slice(1)).toEqual([
    { x: [1, 2, 3], y: [0, 1, 2] },
    { x: [0, 0.5, 1, 1.5, 2], y: [1, 2, 3, 4, 5] },
    { x: [7, 7, null], y: [0, 1, 2] },
    { x: [0, 0.5, 1, 1.5, 2], y: [8, 8, 9, 9, null] },
  ]);
  expect((layout.xaxis as { range: number[] }).range).toEqual([-0.25, 2.25]);
  expect((layout.yaxis as { range: number[] }).range).toEqual([-0.5, 2.5]);
});

it("rows that are not evenly apart are found by their names", () => {
  const { data } = mapProfiles({ map: { ...map, rowValues: [10, 100, 1000] }, profiles: [fine], ...labels }).plotly();
  expect([data[0]!.y, data[1]!.y]).toEqual([["10", "100", "1000"], ["10", "100", "1000"]]); // biome-ignore format: pair
});

it("a thinned map has the means of its blocks", () => {
  const [rows, frames] = [300, 2];
  const long = { ...map, values: new Float32Array(rows * frames), rows, frames };
  const profile = { name: "a", rows: Array.from({ length: rows }, (_, i) => i), frames: [0, 0] };
  const { data } = mapProfiles({ map: long, profiles: [profile], ...labels }).plotly();
  expect(data[1]!.x).toEqual(Array.from({ length: 150 }, (_, i) => 2 * i + 0.5));
});

it("the static picture draws steps: each number from its place's one edge to the other", () => {
  const svg = mapProfiles({ map, profiles: [coarse], ...labels }).svg();
  const [beside, under] = [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d!.split(/[ML]/).slice(1).map((at) => at.split(" ").map(Number))); // biome-ignore format: one line
  // Two rows of 200 / 3 pixels from below; four of five frames of 448 / 5.
  expect(beside!.map(([, y]) => Math.round(beside![0]![1]! - y!))).toEqual([0, 67, 67, 133]);
  expect(new Set(beside!.map(([x]) => x)).size).toBe(1);
  expect(under!.map(([x]) => Math.round(x! - under![0]![0]!))).toEqual([0, 90, 90, 179, 179, 269, 269, 358]);
  expect(under!.map(([, y]) => y === under![0]![1])).toEqual([true, true, true, true, false, false, false, false]);
  expect(svg).toContain("coarse &#38; rough, of a row: 7.00 to 7.00");
});

it("refuses as many numbers as do not fit, and draws nothing that is no number", () => {
  const make = (more: object) => mapProfiles({ map, profiles: [{ ...coarse, ...more }], ...labels });
  expect(() => make({ rows: [7, 7] })).toThrow("coarse & rough: rows: 3 in groups of 2 are 1, got 2");
  expect(() => make({ frames: [8] })).toThrow("coarse & rough: frames: 5 in groups of 2 are 2, got 1");
  expect(() => make({ cells: 0.5 })).toThrow("cells must be 1 or more, got 0.5");
  expect(mapProfiles({ map: { ...map, values: Array.from({ length: 15 }, () => Number.NaN) }, profiles: [], ...labels }).svg()).toContain("The map has no values."); // biome-ignore format: one line
  const value = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0));
  fc.assert(
    fc.property(fc.array(value, { minLength: 8, maxLength: 8 }), (values) => {
      const figure = mapProfiles({ map, profiles: [{ name: "a", rows: values.slice(0, 3), frames: values.slice(3) }], ...labels, reference: values[0]! }); // biome-ignore format: one line
      expectWellFormed(figure.svg());
      expectPlainJson(figure.plotly());
    }),
    { numRuns: 50 },
  );
});
