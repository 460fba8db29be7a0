import type { CountQuery, Unit } from "../entry.js";

/** A count or length as it is, a share (0 to 1) in the column's unit. */
export function inUnit(found: number, { shareOf }: CountQuery, unit: Unit): number {
  return shareOf && unit === "percent" ? found * 100 : found;
}
