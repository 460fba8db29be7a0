/**
 * What logging costs: at the caller, and until the points are on a local server with SQLite. Beside it MLflow's Python
 * client on the same server, one metric at a time and in batches of 1,000. The two take turns.
 *
 *     npx tsx packages/mlflow-js-client/bench/delivery.ts [points]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MlflowClient } from "../src/client.js";
import { Sender } from "../src/sender.js";
import { Spool } from "../src/spool.js";
import { python, startServer } from "../test/support.js";

const rounds = 3;
const pythonSingles = 200;
const pythonBatches = 10;

const pythonClient = `
import json, sys, time
from mlflow import MlflowClient
from mlflow.entities import Metric
uri, singles, batches = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
client = MlflowClient(tracking_uri=uri)
experiment = client.get_experiment_by_name("bench")
run = client.create_run(experiment.experiment_id).info.run_id
client.log_metric(run, "warm", 0.0, step=0)
start = time.perf_counter()
for step in range(singles):
    client.log_metric(run, "loss", 1 / (step + 1), step=step)
single = time.perf_counter() - start
start = time.perf_counter()
for batch in range(batches):
    now = int(time.time() * 1000)
    client.log_batch(run, [Metric("batched", 1 / (step + 1), now, step) for step in range(batch * 1000, (batch + 1) * 1000)])
print(json.dumps([single / singles, (time.perf_counter() - start) / (batches * 1000)]))
`;

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Microseconds of each `append` of one point. */
function appendAll(folder: string, points: number): Float64Array {
  const spool = new Spool(folder);
  spool.append({
    kind: "create",
    time: Date.now(),
    key: path.basename(folder),
    experiment: "bench",
    name: "ours",
    tags: {},
  });
  const took = new Float64Array(points);
  for (let step = 0; step < points; step++) {
    const start = performance.now();
    spool.append({ kind: "metrics", time: Date.now(), step, values: { "train/loss": 1 / (step + 1) } });
    took[step] = (performance.now() - start) * 1000;
  }
  spool.append({ kind: "end", time: Date.now(), status: "FINISHED" });
  spool.close();
  return took.sort();
}

async function main(points: number): Promise<void> {
  const place = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-bench-"));
  const server = await startServer(place);
  try {
    const client = new MlflowClient({ uri: server.uri });
    await client.getOrCreateExperiment("bench");
    for (let round = 1; round <= rounds; round++) {
      const folder = path.join(place, `run-${round}`, "tracking");
      const took = appendAll(folder, points);
      const start = performance.now();
      const result = await new Sender({ folder, client }).send();
      const seconds = (performance.now() - start) / 1000;
      if (result.pending > 0) throw new Error(result.problem);
      const [single, batched] = python(pythonClient, server.uri, String(pythonSingles), String(pythonBatches)) as [
        number,
        number,
      ];
      const perPoint = seconds / points;
      const micro = (value: number): string => value.toFixed(1).padStart(9);
      console.log(
        [
          `round ${round}, ${points} points, one per append`,
          `  append            ${micro(quantile(took, 0.5))} us median, ${micro(quantile(took, 0.99))} us p99`,
          `  to the server     ${micro(perPoint * 1e6)} us a point, ${Math.round(1 / perPoint)} points/s, ${seconds.toFixed(1)} s in all`,
          `  Python, batches   ${micro(batched * 1e6)} us a point: ${(batched / perPoint).toFixed(2)} times ours`,
          `  Python, singly    ${micro(single * 1e6)} us at the caller: ${Math.round((single * 1e6) / quantile(took, 0.5))} times our append`,
        ].join("\n"),
      );
    }
  } finally {
    await server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

void main(Number(process.argv[2] ?? 100_000));
