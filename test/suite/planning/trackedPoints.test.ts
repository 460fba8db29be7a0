import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordEpoch } from "../../../src/papers/recordEpoch.js";
import { pointsOf, pointsOfFinished, systemPoints } from "../../../src/suite/planning/trackedPoints.js";
import { createRecorder } from "../../../src/tracking/mlflowRecorder.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-points-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** A run of so many epochs of 3 metrics and their time, with 2 numbers at its end and 4 of the machine. @returns its folder and points */
function record(name: string, epochs: number): string {
  const runFolder = path.join(folder, name);
  const recorder = createRecorder({ runFolder, experimentName: "e", runName: name });
  for (let epoch = 1; epoch <= epochs; epoch++)
    recordEpoch(recorder, { epoch, seconds: epoch, metrics: { a: epoch, b: epoch, c: epoch } } as never);
  recorder.metrics({ "system/x": 1, "system/y": 2 }, 0);
  recorder.metrics({ "system/x": 3, "system/y": 4 }, 1);
  recorder.metrics({ "summary/score": 1, "time/totalSeconds": 2 }, epochs);
  recorder.end("FINISHED");
  return runFolder;
}

test("what a run will write is told from one that wrote it: each point but those of the machine, whatever its epochs", () => {
  const own = pointsOfFinished([record("three", 3), path.join(folder, "not there")])!;
  expect(own).toEqual({ perEpoch: 4, besides: 2 });
  expect(pointsOf(own, 3)).toBe(3 * 4 + 2);
  expect(pointsOf(own, 200)).toBe(802);
});

test("nothing is told from runs that have no epoch, or are not there", () => {
  expect(pointsOfFinished([record("none", 0)])).toBeUndefined();
  expect(pointsOfFinished([])).toBeUndefined();
});

test("of the machine ten points every ten seconds, or as often as MLflow's own variables say", () => {
  expect([0, 9.9, 10, 3600].map(systemPoints)).toEqual([0, 0, 10, 3600]);
  vi.stubEnv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "30");
  vi.stubEnv("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "2");
  expect(systemPoints(3600)).toBe(600);
});
