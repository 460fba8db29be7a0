import type { ReportModel } from "../reportModel.js";

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
  if (cells.length === 0) return shows === undefined ? "no cells" : "a picture, not built yet";
  if (states.has("not run")) return "not run";
  return states.has("not built yet") ? "not built yet" : [...states].join(", ");
}

/** How often each verdict was given, most frequent first; cells without a number of ours are left out. */
export function verdictCounts({ cells }: ReportModel): [string, number][] {
  const counts = new Map<string, number>();
  for (const { verdict, ours } of cells) if (ours !== null) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
