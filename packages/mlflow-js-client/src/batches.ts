import { refuse, shown } from "./messages.js";
import type { KeyValue, Metric } from "./types.js";
import { limits } from "./validate.js";

export interface Batch {
  metrics: Metric[];
  params: KeyValue[];
  tags: KeyValue[];
}

/** A metric as it is written into a request: NaN and infinities as strings, since JSON has none; -0 as 0. */
export function metricForWire(metric: Metric): Record<string, unknown> {
  const { key, value, timestamp, step, model_id, dataset_name, dataset_digest } = metric;
  const wire: Record<string, unknown> = { key, value: Number.isFinite(value) ? value : String(value), timestamp, step };
  if (model_id !== undefined) wire.model_id = model_id;
  if (dataset_name !== undefined) wire.dataset_name = dataset_name;
  if (dataset_digest !== undefined) wire.dataset_digest = dataset_digest;
  return wire;
}

/** A number as the server gives it back: strings become numbers, and +-1.797e308 becomes an infinity again. */
export function metricFromWire(metric: Metric | Record<string, unknown>): Metric {
  const raw = metric as { value: unknown; timestamp: unknown; step?: unknown };
  const value = typeof raw.value === "number" ? raw.value : Number(raw.value ?? 0);
  const beyond = Math.abs(value) >= Number.MAX_VALUE;
  return {
    ...(metric as Metric),
    value: beyond ? Math.sign(value) * Number.POSITIVE_INFINITY : value,
    timestamp: Number(raw.timestamp ?? 0),
    step: Number(raw.step ?? 0),
  };
}

/** Each key once, with its last value. */
export function lastOfEach(pairs: readonly KeyValue[]): KeyValue[] {
  return [...new Map(pairs.map((pair) => [pair.key, pair])).values()];
}

/** Each parameter once. Throws `MlflowValidationError` for two values of one: parameters never change. */
export function eachOnce(params: readonly KeyValue[]): KeyValue[] {
  const values = new Map<string, KeyValue>();
  for (const param of params) {
    const before = values.get(param.key);
    if (before !== undefined && before.value !== param.value)
      refuse(
        `parameter ${shown(param.key)}`,
        `it is given twice, as ${shown(before.value)} and as ${shown(param.value)}: a parameter has one value`,
      );
    values.set(param.key, param);
  }
  return [...values.values()];
}

/**
 * Cuts what is to be logged into batches within the server's limits of count and size, order kept: parameters first,
 * since the server writes nothing of a batch whose parameters it refuses.
 */
export function cutIntoBatches(all: Partial<Batch>): Batch[] {
  const batches: Batch[] = [];
  let batch: Batch = { metrics: [], params: [], tags: [] };
  let count = 0;
  let bytes = 0;
  const add = (size: number, full: boolean): void => {
    if (count > 0 && (full || count + 1 > limits.entitiesPerBatch || bytes + size > limits.bytesPerBatch)) {
      batches.push(batch);
      batch = { metrics: [], params: [], tags: [] };
      count = 0;
      bytes = 0;
    }
    count++;
    bytes += size;
  };
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) + 2;
  for (const param of all.params ?? []) {
    add(size(param), batch.params.length >= limits.parametersPerBatch);
    batch.params.push(param);
  }
  for (const tag of all.tags ?? []) {
    add(size(tag), batch.tags.length >= limits.tagsPerBatch);
    batch.tags.push(tag);
  }
  for (const metric of all.metrics ?? []) {
    add(size(metricForWire(metric)), batch.metrics.length >= limits.metricsPerBatch);
    batch.metrics.push(metric);
  }
  if (count > 0) batches.push(batch);
  return batches;
}
