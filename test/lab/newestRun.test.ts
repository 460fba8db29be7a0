import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { newestRun } from "../../src/lab/newestRun.js";
import { writeJsonAtomic } from "../../src/node/atomicFile.js";
import { madeUpRecord } from "../suite/madeUpRecord.js";

afterEach(() => vi.unstubAllEnvs());

test("of the finished runs of an experiment on the same data, the one that finished last", () => {
  const mlruns = mkdtempSync(path.join(tmpdir(), "newest-run-"));
  vi.stubEnv("AUSCULT_MLRUNS", mlruns);
  const experiment = "supcon-sprs/tune";
  expect(newestRun(experiment, "d1")).toBeUndefined();
  const leave = (runId: string, finishedAt: string, parts: Parameters<typeof madeUpRecord>[0] = {}) => {
    const folder = path.join(mlruns, "runs", runId);
    writeJsonAtomic(path.join(folder, "result.json"), madeUpRecord({ runId, request: { experiment }, ...parts }));
    if (finishedAt) writeJsonAtomic(path.join(folder, "done.json"), { attempt: 1, finishedAt });
  };
  leave("c", "2026-01-02T00:00:00.000Z");
  leave("a", "2026-01-03T00:00:00.000Z");
  leave("b", "2026-01-01T00:00:00.000Z");
  leave("other-data", "2026-02-01T00:00:00.000Z", { data: { digest: "d2" } });
  leave("other-experiment", "2026-02-01T00:00:00.000Z", { request: { experiment: "supcon-sprs/table2" } });
  leave("not-done", "");
  expect(newestRun(experiment, "d1")?.record.runId).toBe("a");
  expect(newestRun(experiment, "d2")?.folder).toBe(path.join(mlruns, "runs", "other-data"));
});
