import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureServer, stopServer } from "../../tracking/localServer.js";
import { pythonProgram, pythonScript } from "../../tracking/pythonProgram.js";
import { Contestant } from "../contestant.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import { startWriters, writeAtOnce } from "./writers.js";

/** One number of writers, as `auscult bench tracking --json` prints it. The ratio is of seconds for a point. */
export interface TrackingBench extends MedianRatio {
  name: string;
  writers: number;
  /** Of each writer in a round. */
  points: number;
  /** Such as "MLflow 3.14.0's own client, one writer, log_batch of 1000". */
  against: string;
  /** Median points per second that the server acknowledged, of all writers together. */
  ours: { pointsPerSecond: number; seconds: number };
  reference: { pointsPerSecond: number; seconds: number };
}

export interface TrackingBenchOptions {
  /** Numbers of writers to compare. */
  writers: readonly number[];
  points: number;
  rounds: number;
  signal: AbortSignal;
  onRound(done: number, of: number): void;
}

/**
 * Writers that spool and send as runs do, so many at once, against one writer of MLflow's own Python client, round by round, on one local
 * server (SQLite) that the bench starts in a folder of its own and stops.
 *
 * @throws UserError where MLflow is missing
 */
export async function benchTracking(options: TrackingBenchOptions): Promise<TrackingBench[]> {
  const { points, rounds, signal, onRound } = options;
  const counts = [...new Set(options.writers)].sort((a, b) => a - b);
  const mlrunsFolder = mkdtempSync(path.join(tmpdir(), "auscult-bench-"));
  const contestants: Contestant[] = [];
  const elsewhere = process.env.MLFLOW_TRACKING_URI;
  delete process.env.MLFLOW_TRACKING_URI;
  try {
    const { uri } = await ensureServer({ mlrunsFolder });
    const python = new Contestant("MLflow's own client", {
      program: pythonProgram(),
      args: ["-I", pythonScript("mlflowWriter.py"), uri, "made-up/reference"],
    });
    contestants.push(python);
    const { version } = await python.ready();
    const writers = await startWriters(counts.at(-1)!, { mlrunsFolder, experiment: "made-up/bench" });
    contestants.push(...writers);
    const sides = [...counts.map((count) => writers.slice(0, count)), [python]];
    const seconds = sides.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < sides.length; turn++) {
        signal.throwIfAborted();
        const side = (round + turn) % sides.length;
        seconds[side]!.push((await writeAtOnce(sides[side]!, points)) / (sides[side]!.length * points));
      }
      onRound(round + 1, rounds);
    }
    const reference = seconds.at(-1)!;
    return counts.map((count, i) => ({
      ...{ name: `tracking, ${count} writer${count === 1 ? "" : "s"}`, writers: count, points },
      against: `MLflow ${version}'s own client, one writer, log_batch of 1000`,
      ...medianRatio(seconds[i]!, reference),
      ours: sideOf(seconds[i]!, count * points),
      reference: sideOf(reference, points),
    }));
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
    await stopServer({ mlrunsFolder });
    rmSync(mlrunsFolder, { recursive: true, force: true });
    if (elsewhere !== undefined) process.env.MLFLOW_TRACKING_URI = elsewhere;
  }
}

function sideOf(perPoint: readonly number[], points: number): TrackingBench["ours"] {
  const one = median(perPoint);
  return { pointsPerSecond: 1 / one, seconds: one * points };
}
