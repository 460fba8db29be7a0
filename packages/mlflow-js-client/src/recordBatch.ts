import type { Batch } from "./batches.js";
import { type SpooledNumber, type SpoolRecord, spooled } from "./spoolRecords.js";

/** The records that go together into one request. */
export type BatchRecord = Extract<SpoolRecord, { kind: "metrics" | "params" | "tags" }>;

/** Keeps a value that is refused for good, and why. */
export type Reject = (what: unknown, why: string) => void;

/** Puts records into one batch: equal points are one point, the last value of a tag stands, the first of a parameter. */
export function batchOf(records: readonly BatchRecord[], reject: Reject): Batch {
  const metrics = new Map<string, Batch["metrics"][number]>();
  const params = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const record of records)
    for (const [key, raw] of Object.entries(record.values)) {
      if (record.kind === "metrics") {
        const { step, time: timestamp } = record;
        const value = numberOf(raw);
        if (value === undefined) reject({ metric: { key, value: raw, step, timestamp } }, `it is no number`);
        else metrics.set(`${step} ${timestamp} ${raw} ${key}`, { key, value, step, timestamp });
      } else if (record.kind === "tags") tags.set(key, raw as string);
      else {
        const first = params.get(key);
        if (first === undefined) params.set(key, raw as string);
        else if (first !== raw)
          reject(
            { param: { key, value: raw } },
            `parameter "${key}" is ${JSON.stringify(first)}, and parameters never change`,
          );
      }
    }
  const list = (values: Map<string, string>) => [...values].map(([key, value]) => ({ key, value }));
  return { metrics: [...metrics.values()], params: list(params), tags: list(tags) };
}

function numberOf(raw: unknown): number | undefined {
  if (typeof raw === "number") return raw;
  const words: readonly unknown[] = ["NaN", "Infinity", "-Infinity", "-0"] satisfies SpooledNumber[];
  return words.includes(raw) ? Number(raw) : undefined;
}

/** How many values a batch holds. */
export function size(batch: Batch): number {
  return batch.metrics.length + batch.params.length + batch.tags.length;
}

/** The value of a batch of one, as it is kept when it was refused. */
export function theOnly({ metrics, params, tags }: Batch): unknown {
  const metric = metrics[0];
  if (metric) return { metric: { ...metric, value: spooled(metric.value) } };
  return params[0] ? { param: params[0] } : { tag: tags[0] };
}

/** Parts a batch of several values. Kinds are parted first: then one bad parameter costs the metrics beside it nothing. */
export function halves(batch: Batch): Batch[] {
  const none: Batch = { metrics: [], params: [], tags: [] };
  const kinds = [
    { ...none, params: batch.params },
    { ...none, tags: batch.tags },
    { ...none, metrics: batch.metrics },
  ].filter((part) => size(part) > 0);
  if (kinds.length > 1) return kinds;
  const middle = Math.ceil(size(batch) / 2);
  return [
    [0, middle],
    [middle, undefined],
  ].map(([from, to]) => ({
    params: batch.params.slice(from, to),
    tags: batch.tags.slice(from, to),
    metrics: batch.metrics.slice(from, to),
  }));
}
