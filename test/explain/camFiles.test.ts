import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { CAMS_FILE, type Cams, readCams, writeCams } from "../../src/explain/camFiles.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cams-"));
});

const map = (values: readonly number[], rows: number) => {
  return { values: Float32Array.from(values), rows, frames: values.length / rows };
};
const cams: Cams = {
  ...{ layer: "last", labels: ["Normal", "Crackle"], hopSeconds: 0.5, windows: 3, items: 2 },
  mean: map([0.25, 0.5, 0.75, 0.3, 0.6, 0.7], 2),
  examples: [{ id: "a#0", label: 0, decided: 1, input: map([-3, 5, 0.1, 2], 2), map: map([1, 1], 1) }],
};

test("are read as they were written, values to half a 255th of their range", () => {
  writeCams(folder, cams);
  const read = readCams(folder)!;
  expect({ ...read, mean: 0, examples: 0 }).toEqual({ ...cams, mean: 0, examples: 0 });
  const pairs = [
    [read.mean, cams.mean],
    [read.examples[0]!.input, cams.examples[0]!.input],
    [read.examples[0]!.map, cams.examples[0]!.map],
  ] as const;
  for (const [got, given] of pairs) {
    expect([got.rows, got.frames]).toEqual([given.rows, given.frames]);
    const range = Math.max(...given.values) - Math.min(...given.values);
    for (const [i, value] of got.values.entries())
      expect(Math.abs(value - given.values[i]!)).toBeLessThanOrEqual(range / 510 + 1e-6);
  }
});

test("are nothing where there is no file, or a damaged one", () => {
  expect(readCams(folder)).toBeUndefined();
  writeFileSync(path.join(folder, CAMS_FILE), '{"format": 1, "mean": {"rows": 2, "frames": 9, "levels": "AAAA"}}');
  expect(readCams(folder)).toBeUndefined();
});
