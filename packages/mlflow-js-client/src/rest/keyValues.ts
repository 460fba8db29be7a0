import type { KeyValue } from "../types.js";

/** A record as the server's list of keys and values. */
export function keyValues(values: Record<string, string> = {}): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** The server's list of keys and values (tags, parameters) as a record. */
export function recordOf(pairs: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
