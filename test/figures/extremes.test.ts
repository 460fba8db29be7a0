import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bars,
  confusion,
  curves,
  embedding,
  type Figure,
  heatmap,
  histogram,
  intervals,
  mapPanels,
  overlay,
  recording,
  reliability,
  seedCurves,
  sweep,
  waveform,
} from "../../src/figures/index.js";
import { compactNumbers } from "../../src/lab/compactNumbers.js";
import { map, noise } from "./examples.js";
import { expectPlainJson, expectWellFormed } from "./wellFormed.js";

const axes = { xLabel: "x (s)", yLabel: "y (dB)" };
const rowOf = (values: readonly number[]) => ({
  ...{ values, rows: 1, frames: values.length, hopSeconds: 0.1, rowLabel: "row", valueLabel: "value (dB)" },
});

/** Every kind of figure of the same numbers, whatever they are. */
const kinds: Record<string, (values: number[]) => Figure> = {
  waveform: (values) =>
    waveform({
      samples: values,
      sampleRateHz: 10,
      events: values.map((v) => ({ startSeconds: v, endSeconds: 2, label: "a" })),
    }),
  heatmap: (values) => heatmap(rowOf(values)),
  mapPanels: (values) => mapPanels({ panels: [{ ...rowOf(values), name: "a", signed: true }] }),
  overlay: (values) => overlay({ map: rowOf(values), weights: { values, rows: values.length, frames: 1, label: "w" } }),
  recording: (values) => recording({ samples: values, sampleRateHz: 10, spectrogram: rowOf(values) }),
  curves: (values) =>
    curves({ series: [{ name: "a", epochs: values.map((_, i) => i + 1), values }], yLabel: "loss (nats)" }),
  seedCurves: (values) =>
    seedCurves({
      groups: [{ name: "a", runs: values.map((value, i) => ({ name: `${i}`, epochs: [1, 2], values: [value, 1] })) }],
      yLabel: "loss (nats)",
    }),
  intervals: (values) =>
    intervals({
      rows: values.map((v, i) => ({ label: `${i}`, printed: v, ours: { mean: v, low: 0, high: v } })),
      xLabel: "Score",
    }),
  sweep: (values) =>
    sweep({
      ...axes,
      series: [
        {
          name: "a",
          points: values.map((mean, at) => ({ at, mean, low: mean, high: 1 })),
          printed: values.slice(0, 1).map((value) => ({ at: 0, value })),
        },
      ],
    }),
  histogram: (values) =>
    histogram({
      groups: [
        { name: "a", values },
        { name: "b", values: [] },
      ],
      xLabel: "x (s)",
    }),
  "histogram by logarithm": (values) =>
    histogram({ groups: [{ name: "a", values }], xLabel: "x (s)", logCounts: true }),
  embedding: (values) => embedding({ points: values.map((v, i) => ({ x: v, y: i, group: "a" })) }),
  reliability: (values) => reliability({ confidences: values, correct: values.map(() => true) }),
  bars: (values) =>
    bars({
      ...axes,
      categories: values.map((_, i) => `class ${i}`),
      groups: [{ name: "a", values, low: values, high: values }],
    }),
  "bars by logarithm": (values) =>
    bars({ ...axes, categories: values.map((_, i) => `class ${i}`), groups: [{ name: "a", values }], log: true }),
};

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-12, 1e12),
);

describe.each(Object.entries(kinds))("%s", (_, make) => {
  it("draws nothing that is no number, whatever it is given", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (values) => {
        const figure = make(values);
        expectWellFormed(figure.svg());
        JSON.stringify(figure.plotly(), (key, inner) => {
          if (typeof inner === "number") expect(inner, key).toSatisfy(Number.isFinite);
          return inner;
        });
      }),
      { numRuns: 15 },
    );
  });

  it("says so where there is nothing to draw", () => {
    const figure = make([]);
    expectPlainJson(figure.plotly());
    expectWellFormed(figure.svg());
    expect(figure.plotly().layout.annotations).toMatchObject([
      { text: expect.stringMatching(/^(No|There|The) .*\.$/) },
    ]);
    expect(figure.svg()).toMatch(/>(No|There|The) [^<]*\.</);
  });
});

it("confusion: nothing classified is a sentence, no class too", () => {
  for (const matrix of [
    { labels: [], counts: [] },
    { labels: ["a"], counts: [[0]] },
  ])
    expect(confusion(matrix).svg()).toContain("No item was classified.");
});

describe("large data", () => {
  const samples = Float32Array.from({ length: 400_000 }, (_, i) => noise(i) - 0.5);
  const [rows, frames] = [513, 1000];
  const values = Float32Array.from({ length: rows * frames }, (_, i) => noise(i) * 80);
  const big = { ...map, values, rows, frames, rowValues: Array.from({ length: rows }, (_, i) => i) };
  const points = Array.from({ length: 20_000 }, (_, i) => ({
    x: noise(i),
    y: noise(i + 0.5),
    group: `class ${i % 4}`,
    text: `cycle ${i}`,
  }));

  it.each<[string, () => Figure]>([
    ["a waveform of many samples", () => waveform({ samples, sampleRateHz: 44_100 })],
    ["a map of half a million cells", () => heatmap(big)],
    ["a recording", () => recording({ samples, sampleRateHz: 44_100, spectrogram: big })],
    ["an overlay", () => overlay({ map: big, weights: { values, rows, frames, label: "attention" } })],
    ["twenty thousand points", () => embedding({ points })],
    [
      "a histogram of many values",
      () => histogram({ groups: [{ name: "samples", values: samples }], xLabel: "amplitude" }),
    ],
  ])("%s: an output stays below a megabyte", (_, make) => {
    const figure = make();
    const notebook = JSON.stringify([compactNumbers(figure.plotly()), figure.svg()], null, 1);
    expect(notebook.length).toBeLessThan(1e6);
  });

  it("says how many points are shown, and how many cells a cell is", () => {
    expect(embedding({ points }).svg()).toMatch(/[34],\d{3} of 20,000 points shown/);
    const { layout } = heatmap(big).plotly();
    expect(JSON.stringify(layout.title)).toContain("each cell is the highest of 3 rows and 3 frames");
  });
});
