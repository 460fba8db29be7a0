import type { MlflowClient } from "../client.js";
import type { SpoolRecord } from "../spoolRecords.js";
import { loggedArtifactsTag } from "./tables.js";

/** What a run has already, so that going on with it repeats nothing. */
export class KnownRun {
  readonly params = new Map<string, string>();
  /** Places of files among the artefacts, and the folders they are in, as far as this machine's spool says. */
  readonly files = new Set<string>();
  readonly folders = new Set<string>();
  /** The tables logged so far, by their places. */
  readonly tables = new Set<string>();
  /** Data sets logged so far, as JSON. */
  readonly datasets = new Set<string>();
  readonly #lastSteps = new Map<string, number>();
  readonly #points = new Map<string, Set<string>>();

  /** Reads what a spool holds. */
  static fromRecords(records: Iterable<SpoolRecord>): KnownRun {
    const known = new KnownRun();
    for (const record of records) {
      if (record.kind === "metrics")
        for (const [key, value] of Object.entries(record.values)) known.#addPoint(key, record.step, Number(value));
      if (record.kind === "params")
        for (const [key, value] of Object.entries(record.values)) known.params.set(key, value);
      if (record.kind === "tags") known.#addTables(record.values[loggedArtifactsTag]);
      if (record.kind === "artifact") known.addFile(record.path);
      if (record.kind === "dataset") known.datasets.add(JSON.stringify(record.dataset));
    }
    return known;
  }

  /** Reads what the server has of a run, with the history of every metric. Throws `MlflowError`. */
  static async fromServer(client: MlflowClient, runId: string): Promise<KnownRun> {
    const known = new KnownRun();
    const { data } = await client.getRun(runId);
    for (const { key, value } of data.params ?? []) known.params.set(key, value);
    for (const { key, value } of data.tags ?? []) if (key === loggedArtifactsTag) known.#addTables(value);
    for (const { key } of data.metrics ?? [])
      for (const { step, value } of await client.metricHistory(runId, key)) known.#addPoint(key, step, value);
    return known;
  }

  /** Whether the run has that value at that step. Zeros of both signs are one: a database keeps no sign. */
  hasPoint(key: string, step: number, value: number): boolean {
    return this.#points.get(key)?.has(point(step, value)) ?? false;
  }

  /** The highest step of a metric, or of all metrics; undefined when there is no point. */
  lastStep(key?: string): number | undefined {
    if (key !== undefined) return this.#lastSteps.get(key);
    let highest: number | undefined;
    for (const step of this.#lastSteps.values()) if (highest === undefined || step > highest) highest = step;
    return highest;
  }

  /** The highest step of the metrics whose names begin so. */
  lastStepBelow(prefix: string): number | undefined {
    const steps = [...this.#lastSteps].filter(([key]) => key.startsWith(prefix)).map(([, step]) => step);
    return steps.length > 0 ? Math.max(...steps) : undefined;
  }

  /** Notes the step of a new point. */
  reached(key: string, step: number): void {
    const before = this.#lastSteps.get(key);
    if (before === undefined || step > before) this.#lastSteps.set(key, step);
  }

  /** Notes a file with the folders it is in. */
  addFile(place: string): void {
    this.files.add(place);
    for (const folder of foldersOf(place)) this.folders.add(folder);
  }

  #addPoint(key: string, step: number, value: number): void {
    this.reached(key, step);
    const points = this.#points.get(key) ?? new Set();
    this.#points.set(key, points.add(point(step, value)));
  }

  #addTables(tag: string | undefined): void {
    if (tag === undefined) return;
    try {
      for (const { path, type } of JSON.parse(tag) as { path: string; type: string }[])
        if (type === "table") this.tables.add(path);
    } catch {
      // Something else's tag of that name.
    }
  }
}

function point(step: number, value: number): string {
  return `${step} ${value + 0}`;
}

/** The folders that a place is in: "a" and "a/b" for "a/b/c". */
export function foldersOf(place: string): string[] {
  const parts = place.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
