import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { minMaxBins } from "../../src/figures/minMax.js";
import { palettePng } from "../../src/figures/palettePng.js";
import { logTicks, ticks } from "../../src/figures/scales.js";
import { labelNumber, wrapText } from "../../src/figures/text.js";
import { thinMap } from "../../src/figures/thinMap.js";

it("min and max of each bin equal a plain search", () => {
  const samples = Float32Array.from({ length: 103 }, (_, i) => Math.sin(i * i));
  const { low, high, timesSeconds } = minMaxBins(samples, 10, 8);
  expect(low).toHaveLength(8);
  expect(Math.min(...low)).toBe(Math.min(...samples));
  expect(Math.max(...high)).toBe(Math.max(...samples));
  expect(low[0]).toBe(Math.min(...samples.slice(0, 12)));
  expect(timesSeconds[0]).toBeCloseTo(0.55, 12);
  expect(minMaxBins([1, 2], 1, 10).low).toEqual([1, 2]);
  expect(minMaxBins([Number.NaN, 2, Number.NaN, Number.NaN], 1, 2)).toMatchObject({ low: [2, 0], high: [2, 0] });
});

it("ticks are round and inside", () => {
  expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(0.31, 0.69, 4)).toEqual([0.4, 0.5, 0.6]);
  expect(ticks(3, 3)).toEqual([3]);
  expect(logTicks(0.3, 20)).toEqual([0.5, 1, 2, 5, 10, 20]);
  expect(logTicks(1, 1e6)).toEqual([1, 10, 100, 1000, 1e4, 1e5, 1e6]);
});

it("a large map keeps the highest or the mean of each block", () => {
  const rows = 300;
  const frames = 1000;
  const values = Float32Array.from({ length: rows * frames }, (_, i) => (i * 7919) % 1013);
  for (const by of ["highest", "mean"] as const) {
    const thinned = thinMap({ values, rows, frames }, by);
    expect(thinned).toMatchObject({ rows: 150, frames: 334, rowBlock: 2, frameBlock: 3 });
    for (const [row, frame] of [
      [0, 0],
      [149, 332],
      [70, 333],
    ] as const) {
      // biome-ignore format: pairs
      const block = [0, 1].flatMap((r) =>
        [0, 1, 2].filter((f) => frame * 3 + f < frames).map((f) => values[(row * 2 + r) * frames + frame * 3 + f]!),
      );
      const mean = block.reduce((sum, value) => sum + value, 0) / block.length;
      expect(thinned.values[row * 334 + frame]).toBeCloseTo(by === "mean" ? mean : Math.max(...block), 9);
    }
  }
  expect([...thinMap({ values: [1, Number.NaN], rows: 1, frames: 2 }).values]).toEqual([1, Number.NaN]);
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

it("numbers and lines for labels", () => {
  expect([0, 0.1 + 0.2, 1234.5, 12345, 2e7, 3.2e-6, -0.25].map(labelNumber)).toEqual(
    ["0", "0.3", "1235", "12,345", "2e7", "3.2e-6", "-0.25"]); // biome-ignore format: one line
  expect(wrapText("made-up sounds, smoke scale", 108, 12)).toEqual(["made-up sounds,", "smoke scale"]);
  expect(wrapText("", 100, 12)).toEqual([]);
});
