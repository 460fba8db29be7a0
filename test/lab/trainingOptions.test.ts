import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { inWordsOfCells, planOf, type TrainingOptions } from "../../src/lab/trainingOptions.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("options go to the suite as they are; the data folder is found as on the command line", () => {
  vi.stubEnv("AUSCULT_DATA", "/somewhere");
  const options: TrainingOptions = { rows: ["CNN"], seeds: [0, 1], protocols: ["published"], profile: "smoke" };
  expect(planOf(options)).toEqual({ ...options, dataDir: "/somewhere" });
  expect(planOf({ dataDir: "here" }).dataDir).toBe(path.resolve("here"));
});

test.each<[object, RegExp]>([
  [{ row: ["CNN"] }, /no option "row" \(did you mean "rows"/],
  [{ profile: "smok" }, /profile: "smok" is none of smoke, quick, full \(did you mean "smoke"/],
  [{ protocols: ["honest", "publish"] }, /protocols: "publish" .*did you mean "published"/],
  [{ preset: "author" }, /preset: "author" .*did you mean "authors"/],
  [{ seeds: [1, 1.5] }, /seeds: 1.5 must be a whole number, 0 or more/],
  [{ seeds: [-1] }, /seeds: -1/],
  [{ threads: 0 }, /threads: 0 must be a whole number, 1 or more/],
])("%j is refused", (options, words) => {
  expect(() => planOf(options as TrainingOptions)).toThrow(words);
});

test("messages of the command line name a cell's options", () => {
  expect(inWordsOfCells('--row "X": no such row; --task 9')).toBe('rows "X": no such row; tasks 9');
  expect(inWordsOfCells("DIR is given by --data DIR or by AUSCULT_DATA")).toContain("by the option dataDir or");
  expect(inWordsOfCells("--dataset x --rows y")).toBe("--dataset x --rows y");
});
