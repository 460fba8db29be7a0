import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { confusionFigure } from "../../src/figures/confusionFigure.js";
import { confusionSvg } from "../../src/figures/confusionSvg.js";
import { curvesFigure } from "../../src/figures/curvesFigure.js";
import { curvesSvg } from "../../src/figures/curvesSvg.js";
import { heatmapFigure } from "../../src/figures/heatmapFigure.js";
import { heatmapSvg } from "../../src/figures/heatmapSvg.js";
import { intervalFigure } from "../../src/figures/intervalFigure.js";
import { intervalSvg } from "../../src/figures/intervalSvg.js";
import { minMaxBins } from "../../src/figures/minMax.js";
import { palettePng } from "../../src/figures/palettePng.js";
import { ticks } from "../../src/figures/svg.js";
import { waveformFigure } from "../../src/figures/waveformFigure.js";
import { waveformSvg } from "../../src/figures/waveformSvg.js";

const confusion = {
  labels: ["Normal", "Wheeze & <Crackle>", "Stridor"],
  counts: [
    [6, 2, 0],
    [1, 3, 0],
    [0, 0, 0],
  ],
};
const curves = {
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
  events: [{ startSeconds: 0.2, endSeconds: 0.9, label: "Wheeze" }],
};
const wave = { samples: Float32Array.of(0, 0.5, -0.25, 0.1, 0.2, -0.8), sampleRateHz: 2, events: map.events };
const rows = [
  { label: "ResNet 18, 1-1", printed: 0.7, ours: { mean: 0.69, low: 0.65, high: 0.72 } },
  { label: "ResNet 18, 1-2", printed: 0.6, ours: null },
];

/** Every start tag has its end tag, attributes are quoted: enough to tell well-formed from broken. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s[\w-]+(?::\w+)?="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, _attributes, self) => {
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}

describe("plotly figures", () => {
  it("are plain JSON with units on the axes, light and dark", () => {
    const figures = (["light", "dark"] as const).map((template) => [
      confusionFigure(confusion, { template }),
      curvesFigure(curves, { template, title: "Score", note: "made-up sounds" }),
      heatmapFigure(map, { template }),
      waveformFigure(wave, { template }),
      intervalFigure(rows, "Score (0 to 1)", { template }),
    ]);
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
    figures[0]!.forEach((figure, i) => {
      expect(figure.layout.paper_bgcolor).not.toBe(figures[1]![i]!.layout.paper_bgcolor);
    });
    const text = JSON.stringify(figures);
    for (const words of ["time (s)", "frequency (Hz)", "power (dB)", "Score (0 to 1)", "made-up sounds", "epoch"]) {
      expect(text).toContain(words);
    }
  });

  it("confusion: shares of the true class in percent, an empty row at zero", () => {
    const trace = confusionFigure(confusion).data[0]!;
    expect(trace.z).toEqual([
      [75, 25, 0],
      [25, 75, 0],
      [0, 0, 0],
    ]);
    expect(trace.x).toEqual(["Normal", "Wheeze &#38; &#60;Crackle&#62;", "Stridor"]);
  });

  it("curves: gaps stay gaps, the chosen epoch is marked", () => {
    const figure = curvesFigure(curves);
    expect(figure.data[0]!.y).toEqual([0.5, null, 0.7]);
    expect(figure.layout.shapes).toMatchObject([{ x0: 3, x1: 3 }]);
    expect(curvesFigure({ ...curves, chosenEpoch: null }).layout.shapes).toEqual([]);
  });

  it("maps: row 0 first, seconds from the hop, wrong shapes refused", () => {
    expect(heatmapFigure(map).data[0]).toMatchObject({ z: [[0, 1, 2], [3, 4, 5]], dx: 0.5, x0: 0, y: [100, 200] }); // biome-ignore format: one line
    expect(() => heatmapFigure({ ...map, rows: 3 })).toThrow("a map of 3 x 3 needs 9 values, got 6");
    expect(() => heatmapSvg({ ...map, rowValues: [1] })).toThrow("rowValues must name 2 rows, got 1");
  });

  it("intervals: distances from the mean on each side", () => {
    const trace = intervalFigure(rows, "Score").data[0] as unknown as {
      error_x: { array: number[]; arrayminus: number[] };
    };
    expect(trace.error_x.array[0]).toBeCloseTo(0.03, 12);
    expect(trace.error_x.arrayminus[0]).toBeCloseTo(0.04, 12);
  });
});

describe("static pictures", () => {
  it.each([
    ["confusion", confusionSvg(confusion, { title: "Confusion, inter", note: "made-up sounds" })],
    ["curves", curvesSvg(curves, { title: "Score" })],
    [
      "curves of one epoch",
      curvesSvg({ ...curves, series: [{ name: "a", epochs: [1], values: [0.5] }], chosenEpoch: 1 }),
    ],
    ["no curves", curvesSvg({ series: [], yLabel: "loss (nats)" })],
    ["intervals", intervalSvg(rows, "Score", { template: "page" })],
    ["waveform", waveformSvg(wave)],
    ["silence", waveformSvg({ samples: new Float32Array(4), sampleRateHz: 2 })],
    ["map", heatmapSvg(map, { template: "dark" })],
    ["flat map", heatmapSvg({ ...map, values: new Float32Array(6) })],
  ])("are well-formed and described: %s", (_, svg) => {
    expectWellFormed(svg);
  });

  it("confusion says counts, percentages and the class without items", () => {
    const svg = confusionSvg(confusion);
    expect(svg).toContain(">75 %<");
    expect(svg).toContain("Normal: 6 of 8 right");
    expect(svg).toContain("Stridor: no items");
    expect(svg).toContain("Wheeze &#38; &#60;Crackle&#62;");
  });

  it("curves break their line at a gap", () => {
    const path = /<path d="([^"]*)"/.exec(curvesSvg(curves))![1]!;
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it("the palette PNG holds the rows that were given, checksummed", () => {
    const width = 300;
    const height = 240;
    const indices = Uint8Array.from({ length: width * height }, (_, i) => (i * 7) % 256);
    const address = palettePng(
      indices,
      width,
      height,
      Array.from({ length: 256 }, (_, i) => [i, i, i]),
    );
    const png = Buffer.from(address.split(",")[1]!, "base64");
    expect(png.readUInt32BE(16)).toBe(width);
    const start = png.indexOf("IDAT");
    // Node's zlib checks the block lengths and the Adler-32 sum.
    const pixels = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
    expect(pixels.length).toBe((width + 1) * height);
    expect([...pixels.subarray(301, 305)]).toEqual([0, ...indices.subarray(300, 303)]);
    // The CRC-32 of an empty IEND chunk is the same in every PNG.
    expect(png.subarray(-8).toString("hex")).toBe("49454e44ae426082");
  });
});

describe("helpers", () => {
  it("min and max of each bin equal a plain search", () => {
    const samples = Float32Array.from({ length: 103 }, (_, i) => Math.sin(i * i));
    const { low, high, timesSeconds } = minMaxBins(samples, 10, 8);
    expect(low).toHaveLength(8);
    expect(Math.min(...low)).toBe(Math.min(...samples));
    expect(Math.max(...high)).toBe(Math.max(...samples));
    expect(low[0]).toBe(Math.min(...samples.slice(0, 12)));
    expect(timesSeconds[0]).toBeCloseTo(0.55, 12);
    expect(minMaxBins([1, 2], 1, 10).low).toEqual([1, 2]);
  });

  it("ticks are round and inside", () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(0.31, 0.69, 4)).toEqual([0.4, 0.5, 0.6]);
    expect(ticks(3, 3)).toEqual([3]);
  });
});

it("row labels of a map are the rows' own values, not rounded ones", () => {
  const rowValues = Array.from({ length: 64 }, (_, r) => r * 62.5);
  const svg = heatmapSvg({ ...map, values: new Float32Array(64), rows: 64, frames: 1, rowValues });
  expect([...svg.matchAll(/font-size="12" fill="#5b6573">([\d.]+)</g)].map((m) => m[1])).toContain("3125");
});
