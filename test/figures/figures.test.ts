import { describe, expect, it } from "vitest";
import { confusion, curves, heatmap, intervals, similarityMatrix, waveform } from "../../src/figures/index.js";
import { examples } from "./examples.js";
import { expectPlainJson, expectWellFormed } from "./wellFormed.js";

const matrix = {
  labels: ["Normal", "Wheeze & <Crackle>", "Stridor"],
  counts: [
    [6, 2, 0],
    [1, 3, 0],
    [0, 0, 0],
  ],
};
const series = {
  series: [
    { name: "select", epochs: [1, 2, 3], values: [0.5, null, 0.7] },
    { name: "train", epochs: [1, 2, 3], values: [0.6, 0.8, 0.9] },
  ],
  yLabel: "Score (0 to 1)",
  yRange: [0, 1] as const,
  chosenEpoch: 3,
};
const map = {
  values: Float32Array.from({ length: 6 }, (_, i) => i),
  rows: 2,
  frames: 3,
  hopSeconds: 0.5,
  rowLabel: "frequency (Hz)",
  rowValues: [100, 200],
  valueLabel: "power (dB)",
};

describe.each(Object.entries(examples))("%s", (_, make) => {
  const options = { title: "A title & more", note: "made-up sounds, <smoke> scale" };

  it("is plain JSON with titled axes, in other colours on dark", () => {
    const [light, dark, clear] = [make(options).plotly("light"), make(options).plotly("dark"), make(options).plotly()];
    for (const figure of [light, dark, clear]) expectPlainJson(figure);
    expect(light.layout.paper_bgcolor).not.toBe(dark.layout.paper_bgcolor);
    expect(clear.layout.paper_bgcolor).toBe("rgba(0,0,0,0)");
    const text = JSON.stringify(light);
    expect(text).toContain("made-up sounds, &#60;smoke&#62; scale");
    for (const axis of ["xaxis", "yaxis"]) expect(light.layout[axis]).toHaveProperty("title.text");
  });

  it("has a well-formed picture that says title, note and what is in it", () => {
    for (const template of ["light", "dark", "clear", "page"] as const) {
      const svg = make(options).svg(template);
      expectWellFormed(svg);
      expect(svg).toContain("A title &#38; more");
      expect(svg).toContain("made-up sounds, &#60;smoke&#62; scale");
    }
    expectWellFormed(make().svg());
  });
});

it("confusion of printed shares: percent without counts, and no items for a class without any", () => {
  const figure = confusion({ labels: ["N", "R"], shares: [[0.89, 0.11], [0, 0]] }); // biome-ignore format: one line
  expect(figure.plotly().data[0]!.text).toEqual([["89 %", "11 %"], ["–", "–"]]); // biome-ignore format: one line
  expect(figure.plotly().data[0]!.y).toEqual(["N", "R<br>no items"]);
  expect(figure.svg()).toContain("N: 89 % right; R: no items.");
  expect(figure.svg()).not.toContain("0 items");
});

it("confusion: shares of the true class in percent, an empty row at zero; counts, shares and the empty class in words", () => {
  const figure = confusion(matrix);
  const trace = figure.plotly().data[0]!;
  expect(trace.z).toEqual([
    [75, 25, 0],
    [25, 75, 0],
    [0, 0, 0],
  ]);
  expect(trace.customdata).toEqual(matrix.counts);
  expect(trace.x).toEqual(["Normal", "Wheeze &#38; &#60;Crackle&#62;", "Stridor"]);
  for (const words of [">75 %<", "Normal: 6 of 8 right", "Stridor: no items", "Wheeze &#38; &#60;Crackle&#62;"])
    expect(figure.svg()).toContain(words);
  expect(() => confusion({ ...matrix, labels: ["Normal"] })).toThrow(
    "1 label need as many rows and columns of counts, got 3 x 3",
  );
});

it("curves: gaps stay gaps, the chosen epoch is marked", () => {
  const { data, layout } = curves(series).plotly();
  expect(data[0]!.y).toEqual([0.5, null, 0.7]);
  expect(layout.shapes).toMatchObject([{ x0: 3, x1: 3 }]);
  expect(curves({ ...series, chosenEpoch: null }).plotly().layout.shapes).toEqual([]);
  const path = /<path d="([^"]*)"/.exec(curves(series).svg())![1]!;
  expect(path.match(/M/g)).toHaveLength(2);
});

it("maps: row 0 first, seconds from the hop, wrong shapes refused", () => {
  const trace = heatmap(map).plotly().data[0];
  expect(trace).toMatchObject({ z: [[0, 1, 2], [3, 4, 5]], dx: 0.5, x0: 0, y0: 100, dy: 100 }); // biome-ignore format: one line
  expect(() => heatmap({ ...map, rows: 3 })).toThrow("a map of 3 x 3 needs 9 values, got 6");
  expect(() => heatmap({ ...map, rowValues: [1] })).toThrow("rowValues must name 2 rows, got 1");
});

it("row labels of a map are the rows' own values, not rounded ones", () => {
  const rowValues = Array.from({ length: 64 }, (_, r) => r * 62.5);
  const svg = heatmap({
    ...map,
    values: Float32Array.from({ length: 64 }, (_, i) => i),
    rows: 64,
    frames: 1,
    rowValues,
  }).svg();
  expect(svg).toContain(">3000<");
});

it("intervals: distances from the mean on each side, rows by group", () => {
  const rows = [
    { label: "a", group: "one", printed: 0.7, ours: { mean: 0.69, low: 0.65, high: 0.72 } },
    { label: "b", group: "two", printed: 0.6, ours: null },
    { label: "c", group: "one", printed: null, ours: { mean: 0.5, low: null, high: null } },
  ];
  const { data, layout } = intervals({ rows, xLabel: "Score" }).plotly();
  const trace = data[0] as unknown as { y: number[]; error_x: { array: number[]; arrayminus: number[] } };
  expect(trace.error_x.array.map((value) => Number(value.toFixed(12)))).toEqual([0.03, 0]);
  expect(trace.error_x.arrayminus.map((value) => Number(value.toFixed(12)))).toEqual([0.04, 0]);
  expect(trace.y).toEqual([1, 2]);
  expect((layout.yaxis as { ticktext: string[] }).ticktext).toEqual(["<b>one</b>", "a", "c", "<b>two</b>", "b"]);
});

it("waveforms: silence is drawn, no samples give a sentence", () => {
  expectWellFormed(waveform({ samples: new Float32Array(4), sampleRateHz: 2 }).svg());
  const nothing = waveform({ samples: [], sampleRateHz: 2 });
  expect(nothing.svg()).toContain("The recording has no samples.");
  expect(JSON.stringify(nothing.plotly().layout)).toContain("The recording has no samples.");
});

it("similarity: numbers from -1 to 1 in the cells, a dash for what is not known", () => {
  const values = [[1, -0.5], [-0.5, null]]; // biome-ignore format: one line
  const figure = similarityMatrix({ labels: ["1", "2"], values, thing: "cluster", valueLabel: "cosine" });
  expect(figure.plotly().data[0]).toMatchObject({ z: values, zmin: -1, zmax: 1, text: [["1.00", "-0.50"], ["-0.50", "–"]] }); // biome-ignore format: one line
  expect(figure.svg()).toContain("1: 1.00, -0.50; 2: -0.50, –.");
  expect(() => similarityMatrix({ labels: ["1"], values, thing: "cluster", valueLabel: "cosine" })).toThrow(RangeError);
  const unknown = similarityMatrix({ labels: ["1"], values: [[null]], thing: "cluster", valueLabel: "cosine" });
  expect(unknown.svg()).toContain("There is nothing to compare.");
});
