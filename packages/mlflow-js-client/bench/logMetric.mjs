/**
 * What one call costs its caller: `node bench/logMetric.mjs [CALLS]`, after `npm run build`. Nothing is sent; each call has
 * written its line to the spool when it returns. Prints one line of JSON per case, in microseconds: processor time per call,
 * and times by the clock, which hold what other programs of the machine take.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMlflow } from "../dist/index.js";

const calls = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(path.join(tmpdir(), "log-metric-"));
const mlflow = createMlflow({ sending: "none", folder, environment: {} });

function measure(name, log) {
  const run = mlflow.startRun({ name, experiment: "bench" });
  const times = new Float64Array(calls);
  const cpu = process.cpuUsage();
  for (let step = 0; step < calls; step++) {
    const before = process.hrtime.bigint();
    log(run, step);
    times[step] = Number(process.hrtime.bigint() - before) / 1e3;
  }
  const { user, system } = process.cpuUsage(cpu);
  run.end();
  times.sort();
  const at = (share) => Number(times[Math.min(calls - 1, Math.floor(share * calls))].toFixed(2));
  const mean = Number((times.reduce((sum, time) => sum + time, 0) / calls).toFixed(2));
  const processor = Number(((user + system) / calls).toFixed(2));
  console.log(JSON.stringify({ name, calls, processor, median: at(0.5), mean, p99: at(0.99), longest: at(1) }));
}

try {
  measure("logMetric, one key", (run, step) => run.logMetric("train/loss", 1 / (step + 1), step));
  measure("logMetric, 20 keys in turn", (run, step) => run.logMetric(`section/metric_${step % 20}`, step, step));
  measure("logMetrics, 5 keys at once", (run, step) =>
    run.logMetrics({ "train/loss": 1 / (step + 1), "train/acc": 0.5, lr: 1e-3, seconds: 0.1, grad: step }, step),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
