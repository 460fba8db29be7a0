import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Contestant } from "../../src/bench/contestant.js";
import { KEYS } from "../../src/bench/tracking/writer.js";
import { startWriters, writeAtOnce } from "../../src/bench/tracking/writers.js";
import { ensureServer, stopServer } from "../../src/tracking/localServer.js";
import { findMlflow } from "../../src/tracking/mlflowExecutable.js";
import { runPython } from "../../src/tracking/pythonProgram.js";

const reason = findMlflow() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/** What MLflow's own client finds: of each run its name and status, and of each key how many points there are at how many steps, and their sum. */
const LOOK = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name(sys.argv[2])
answer = []
for run in client.search_runs([experiment.experiment_id], max_results=1000):
    keys = {}
    for key in run.data.metrics:
        history = client.get_metric_history(run.info.run_id, key)
        keys[key] = [len(history), len({point.step for point in history}), min(point.step for point in history), max(point.step for point in history), sum(point.value for point in history)]
    answer.append({"name": run.info.run_name, "status": run.info.status, "keys": keys})
print(json.dumps(answer))
`;

const WRITERS = 16;
const POINTS = 10_000;

describe.skipIf(reason !== "")(`many writers and one local server${reason}`, { timeout: 600_000 }, () => {
  let mlrunsFolder: string;
  let writers: Contestant[] = [];

  beforeAll(() => {
    mlrunsFolder = mkdtempSync(path.join(tmpdir(), "auscult-writers-"));
    vi.stubEnv("MLFLOW_TRACKING_URI", undefined);
  });
  afterAll(async () => {
    await Promise.all(writers.map((writer) => writer.close()));
    await stopServer({ mlrunsFolder });
    vi.unstubAllEnvs();
    rmSync(mlrunsFolder, { recursive: true, force: true });
  });

  it(`${WRITERS} of ${POINTS} points each at once: MLflow's own client finds every point, and each once`, async () => {
    const { uri } = await ensureServer({ mlrunsFolder });
    writers = await startWriters(WRITERS, { mlrunsFolder, experiment: "made-up/writers" });
    await writeAtOnce(writers, POINTS);
    const { ok, output, complaint } = await runPython(["-c", LOOK, uri, "made-up/writers"], { cwd: mlrunsFolder });
    expect(ok, complaint).toBe(true);
    const found = JSON.parse(output) as { name: string; status: string; keys: Record<string, number[]> }[];
    expect(found.map(({ name }) => name).sort()).toEqual(
      Array.from({ length: WRITERS }, (_, i) => `writer-${i}-0`).sort(),
    );
    const steps = POINTS / KEYS.length;
    for (const { status, keys } of found) {
      expect(status).toBe("FINISHED");
      expect(Object.keys(keys).sort()).toEqual([...KEYS].sort());
      KEYS.forEach((key, i) => {
        const [count, different, first, last, sum] = keys[key]!;
        expect([count, different, first, last]).toEqual([steps, steps, 0, steps - 1]);
        // Of step s the key i has s + i / 10.
        expect(sum).toBeCloseTo((steps * (steps - 1)) / 2 + (steps * i) / 10, 3);
      });
    }
  });
});
