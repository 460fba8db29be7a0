import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { testPathOf } from "../../../src/papers/testPaths.js";
import { exportRun } from "../../../src/suite/exporting/exportRun.js";
import { testInputs } from "../../../src/suite/exporting/testInputs.js";

afterEach(() => vi.unstubAllEnvs());

const empty = () => mkdtempSync(path.join(tmpdir(), "auscult-export-"));

test("a folder that holds something, a file, and runs without a model are refused before anything is loaded", async () => {
  vi.stubEnv("AUSCULT_MLRUNS", empty());
  const folder = empty();
  writeFileSync(path.join(folder, "notes.txt"), "mine");
  await expect(exportRun({ run: "tiny", folder })).rejects.toThrow(/is not empty; name a folder that is to be made/);
  await expect(exportRun({ run: "tiny", folder: path.join(folder, "notes.txt") })).rejects.toThrow(/is a file/);
  expect(readFileSync(path.join(folder, "notes.txt"), "utf8")).toBe("mine");
  await expect(exportRun({ run: "tiny", folder: path.join(folder, "new") })).rejects.toThrow(/"tiny" is not known/);
  mkdirSync(path.join(process.env.AUSCULT_MLRUNS!, "runs", "tiny"), { recursive: true });
  await expect(exportRun({ run: "tiny", folder: path.join(folder, "new") })).rejects.toThrow(/tiny has no model/);
  expect(readdirSync(folder)).toEqual(["notes.txt"]);
});

test("where the test set is not at hand, inputs are made-up sounds, the same each time, and that is said", async () => {
  const dataDir = empty();
  const testPath = testPathOf("supcon-sprs", "11");
  const record = { request: { protocol: "honest", seed: 0 } } as never;
  const ask = () => testInputs({ record, task: "sprsound/11", testPath, dataDir, limit: 5, onClip: () => {} });
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(one.what).toMatch(/^12 made-up sounds \(the run's test set is not at hand: /);
  expect(one.items).toHaveLength(12);
  expect(one.items.every(({ label }) => label === undefined)).toBe(true);
  expect(one.opened).toBeUndefined();
  expect(one.maps).toEqual(other.maps);
  expect(new Set(one.maps.map((map) => map.join())).size).toBe(12);
  expect(one.maps.every((map) => map.length === 64 * 187 && map.every(Number.isFinite))).toBe(true);
});
