import type { ExperimentColumn, Unit } from "../entry.js";

/** Places after the point of numbers of ours, where print does not show more. */
const PLACES: Record<Unit, number> = {
  share: 3,
  percent: 1,
  points: 1,
  count: 0,
  millions: 2,
  megabytes: 1,
  seconds: 1,
  hertz: 0,
};

/** How a cell's numbers are written. */
export type NumberStyle = Pick<ExperimentColumn, "unit" | "decimals">;

/** A number of ours: as many places as print has, at least the unit's; an en dash where there is none. */
export function shownOurs(value: number | null | undefined, { unit, decimals = 0 }: NumberStyle): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value.toFixed(Math.max(PLACES[unit], decimals));
}

/** A printed number with the places that it was printed with. */
export function shownPrinted(value: number | null | undefined, { decimals = 0 }: NumberStyle): string {
  if (value === null || value === undefined) return "–";
  const literal = String(value).split(".")[1]?.length ?? 0;
  return value.toFixed(Math.max(literal, decimals));
}

/** "0.612 to 0.701", or nothing. */
export function shownInterval(range: { low: number | null; high: number | null } | null, style: NumberStyle): string {
  if (!range || !Number.isFinite(range.low) || !Number.isFinite(range.high)) return "";
  return `${shownOurs(range.low, style)} to ${shownOurs(range.high, style)}`;
}

/** What is printed after a heading: "%", "points", nothing for shares. */
export function unitWords(unit: Unit): string {
  return {
    share: "",
    percent: "%",
    points: "points",
    count: "count",
    millions: "M",
    megabytes: "MB",
    seconds: "s",
    hertz: "Hz",
  }[unit];
}
