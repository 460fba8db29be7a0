import { existsSync } from "node:fs";
import path from "node:path";
import { readWholeSpool, type SpoolRecord, systemMetricsOptions } from "mlflow-js-client";
import { trackingFolder } from "../../tracking/trackedRun.js";

/** Metric points that a run writes, but for those of the machine. */
export interface OwnPoints {
  /** Of each epoch: what `recordEpoch` writes. */
  perEpoch: number;
  /** All others: `summary/...`, `time/totalSeconds`, of papers with several stages theirs. */
  besides: number;
}

/**
 * Where no run of a paper is finished here: of 60 finished runs of all five papers each epoch had 10 to 14 points, and 28 to 67 came
 * besides.
 */
export const USUAL_POINTS: OwnPoints = { perEpoch: 12, besides: 40 };

/** What `watchSystem` writes at a time of a machine without a GPU, under `system/...`. */
export const SYSTEM_POINTS = 10;

/** How often: 10 s, unless MLflow's own variable says otherwise. */
export function systemSeconds(): number {
  const { intervalSeconds = 10, samplesBeforeLogging = 1 } = systemMetricsOptions(process.env);
  return intervalSeconds * Math.max(1, Math.round(samplesBeforeLogging));
}

/** Of the lines of a spool for one point, with its share of what its line begins with; 50 to 65 in finished runs. */
export const RECORD_BYTES = 60;

/** What a finished run wrote, told from its spool's records. Undefined where no record is an epoch's. */
export function ownPoints(records: readonly SpoolRecord[]): OwnPoints | undefined {
  const ofEpochs: number[] = [];
  let all = 0;
  for (const record of records) {
    if (record.kind !== "metrics") continue;
    const keys = Object.keys(record.values).filter((key) => !key.startsWith("system/"));
    all += keys.length;
    if (keys.includes("time/epochSeconds")) ofEpochs.push(keys.length);
  }
  if (ofEpochs.length === 0) return undefined;
  return { perEpoch: middle(ofEpochs), besides: all - ofEpochs.reduce((a, b) => a + b) };
}

/** The middle of what finished runs wrote; undefined where none tells. @param folders of runs; the first few are read */
export function pointsOfFinished(folders: readonly string[], most = 5): OwnPoints | undefined {
  const found = folders
    .map((folder) => path.join(trackingFolder(folder), "spool.jsonl"))
    .filter((file) => existsSync(file))
    .slice(0, most)
    .flatMap((file) => ownPoints(readWholeSpool(file).records) ?? []);
  if (found.length === 0) return undefined;
  return { perEpoch: middle(found.map((one) => one.perEpoch)), besides: middle(found.map((one) => one.besides)) };
}

/** Metric points of epochs and besides. */
export function pointsOf({ perEpoch, besides }: OwnPoints, epochs: number): number {
  return Math.round(perEpoch * epochs + besides);
}

/** Metric points of the machine in so many seconds. */
export function systemPoints(seconds: number): number {
  return SYSTEM_POINTS * Math.floor(seconds / systemSeconds());
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
