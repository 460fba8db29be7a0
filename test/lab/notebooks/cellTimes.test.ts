import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { CellTimes } from "../../../src/lab/notebooks/cellTimes.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-times-"));
const file = path.join(folder, "notebooks", "tour.json");
const before = process.env.AUSCULT_CACHE;
process.env.AUSCULT_CACHE = folder;
afterAll(() => {
  if (before === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = before;
  rmSync(folder, { recursive: true, force: true });
});

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const run = (times: CellTimes, cell: string, seconds: number) => {
  times.starts(cell);
  now += seconds * 1000;
  times.ended(cell);
};

test("the first time, only the share of cells is known; the next time, what is left by their seconds", () => {
  const first = new CellTimes("notebooks/tour.ipynb", ["a", "b", "c"]);
  expect(first.estimate()).toEqual({ fraction: 0 });
  run(first, "a", 2);
  expect(first.estimate()).toEqual({ fraction: 1 / 3 });
  run(first, "b", 6);
  run(first, "c", 2);
  first.keep();
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ a: 2, b: 6, c: 2 });

  const second = new CellTimes("notebooks/tour.ipynb", ["a", "b", "c"]);
  expect(second.estimate()).toEqual({ fraction: 0, secondsLeft: 10 });
  run(second, "a", 2);
  second.starts("b");
  now += 3000;
  expect(second.estimate()).toEqual({ fraction: 0.5, secondsLeft: 5 });
  now += 30_000;
  // Slower than before: nothing of it is left that could be told.
  expect(second.estimate().secondsLeft).toBe(2);
  expect(new CellTimes("tour.ipynb", ["a", "new"]).estimate()).toEqual({ fraction: 0 });
});

test("a damaged file, or a folder that cannot be written, costs only the estimate", () => {
  writeFileSync(file, '{"a": ');
  const times = new CellTimes("tour.ipynb", ["a"]);
  expect(times.estimate()).toEqual({ fraction: 0 });
  rmSync(file);
  mkdirSync(file);
  run(times, "a", 1);
  times.keep();
  expect(times.estimate()).toEqual({ fraction: 1, secondsLeft: 0 });
  rmSync(file, { recursive: true });
});
