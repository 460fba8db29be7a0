import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunRecord } from "../../src/suite/runRecord.js";
import { trainedModels } from "../../src/suite/trainedModels.js";
import { madeUpRecord } from "./madeUpRecord.js";

let mlruns: string;

beforeEach(() => {
  mlruns = mkdtempSync(path.join(tmpdir(), "auscult-models-"));
  vi.stubEnv("AUSCULT_MLRUNS", mlruns);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(mlruns, { recursive: true, force: true });
});

function run(runId: string, request: Partial<RunRecord["request"]>, { madeUp = false, model = true } = {}) {
  const folder = path.join(mlruns, "runs", runId);
  mkdirSync(model ? path.join(folder, "model") : folder, { recursive: true });
  writeFileSync(path.join(folder, "result.json"), JSON.stringify(madeUpRecord({ runId, request, data: { madeUp } })));
  writeFileSync(path.join(folder, "done.json"), "{}");
}

test("the models of a task: the larger budget first, then recordings, then the honest protocol", () => {
  run("a", { task: "21", profile: "smoke", protocol: "honest" });
  run("b", { task: "21", profile: "full", protocol: "honest" }, { madeUp: true });
  run("c", { task: "21", profile: "full", protocol: "published" });
  run("d", { task: "21", profile: "full", protocol: "honest" });
  run("e", { task: "11", profile: "full", protocol: "honest" });
  run("f", { task: "21", profile: "full", protocol: "honest" }, { model: false });
  const told: string[] = [];
  const found = trainedModels("21", (message) => told.push(message));
  expect(found.map(({ record }) => record.runId)).toEqual(["d", "c", "b", "a"]);
  expect(found[0]!.folder).toBe(path.join(mlruns, "runs", "d", "model"));
  expect(told).toEqual([]);
});

test("none where nothing was run", () => {
  expect(trainedModels("21", () => {})).toEqual([]);
});
