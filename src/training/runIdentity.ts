/**
 * What convolutions and matrix products of training steps are computed in. The weights that are kept, their update and all evaluation are
 * float32 in any case.
 */
export type Precision = "float32" | "bf16";

/** What a run is, and what its numbers depend on to the last bit. Plain JSON, stored in every checkpoint. */
export interface RunIdentity {
  /** Names the run: a digest of all that decides its result. */
  signature: string;
  /** What decides the result, by name: settings, preset, data, split, precision. With another value it is another run. */
  settings: Readonly<Record<string, unknown>>;
  /** Where the bits come from, by name: code, processor, engine, threads. With another value the run goes on, but no longer equals one never stopped. */
  circumstances: Readonly<Record<string, string | number>>;
}

/** One thing that is not what it was. */
export interface Difference {
  name: string;
  was: unknown;
  is: unknown;
}

/** What differs between two records, by name; what is within a record is named with points: "recipe.epochs". */
export function differences(
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): Difference[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name): Difference[] => {
    const [before, now] = [was[name], is[name]];
    if (isRecord(before) && isRecord(now))
      return differences(before, now).map((one) => ({ ...one, name: `${name}.${one.name}` }));
    return shown(before) === shown(now) ? [] : [{ name, was: before, is: now }];
  });
}

/** "split was 1f2e, is 77aa; recipe.epochs was 100, is 4" */
export function describeDifferences(found: readonly Difference[]): string {
  return found.map(({ name, was, is }) => `${name} was ${shown(was)}, is ${shown(is)}`).join("; ");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
