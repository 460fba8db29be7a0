import type { ReportModel } from "./reportModel.js";

/** How far an entry is, in a few words. */
export function entryState({ kind, cells, runs, shows }: ReportModel): string {
  const having = cells.filter(({ ours }) => ours !== null);
  if (kind === "dataset")
    return having.length === 0 ? "not counted here" : `${having.length} of ${cells.length} cells counted`;
  if (having.length > 0) {
    const all = new Set(cells.map(({ row, column }) => `${row}\u0000${column}`)).size;
    const own = new Set(having.map(({ row, column }) => `${row}\u0000${column}`)).size;
    return `${own} of ${all} cells have a number, ${runs.length} runs`;
  }
  const states = new Set(cells.map(({ why }) => why));
  if (cells.length === 0 && (kind === "search" || shows !== undefined)) {
    const made = runs.length === 0 ? "no run yet" : `${runs.length} run${runs.length === 1 ? "" : "s"}`;
    return `${kind === "search" ? "a search" : "a picture"}, ${made}`;
  }
  if (cells.length === 0) return "no cells";
  if (states.has("not run")) return "not run";
  return states.has("not built yet") ? "not built yet" : [...states].join(", ");
}

/** A count is not estimated: it is print's, or it is not. */
const OF_COUNTS: Readonly<Record<string, string>> = { reproduced: "equal", above: "differ", below: "differ" };

/** How often each verdict was given, most frequent first; cells without a number of ours are left out. */
export function verdictCounts({ kind, cells }: ReportModel): [string, number][] {
  const counts = new Map<string, number>();
  for (const { verdict, ours } of cells) {
    if (ours === null) continue;
    const word = kind === "dataset" ? (OF_COUNTS[verdict] ?? verdict) : verdict;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
