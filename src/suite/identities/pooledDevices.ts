import type { Flag } from "../flag.js";
import { asShare, type PrintedCell } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";
import { FOLD4_BY_DEVICE } from "./testSets.js";

/** Names that RespireNet exchanges (decision 5). */
const NAMED: Readonly<Record<string, string>> = { Litt3200: "LittC2SE", LittC2SE: "Litt3200" };

/** The overall Sp, Se and Score of a table by device and class are those of its pooled hits (papers.md 5.7, table 6). */
export function pooledDevices(cells: readonly PrintedCell[]): Flag[] {
  const recalls = cells.filter(({ measure }) => measure.metric === "recall" && measure.device && measure.class);
  const devices = Object.keys(FOLD4_BY_DEVICE);
  if (!devices.every((device) => recalls.some(({ measure }) => measure.device === device))) return [];
  const hits = { normal: 0, abnormal: 0, normals: 0, abnormals: 0 };
  for (const cell of recalls) {
    const device = cell.measure.device!;
    const items = FOLD4_BY_DEVICE[NAMED[device] ?? device]![cell.measure.class!]!;
    const hit = Math.round(asShare(cell).value * items);
    if (cell.measure.class === "Normal") {
      hits.normal += hit;
      hits.normals += items;
    } else {
      hits.abnormal += hit;
      hits.abnormals += items;
    }
  }
  const sp = (100 * hits.normal) / hits.normals;
  const se = (100 * hits.abnormal) / hits.abnormals;
  const found: Readonly<Record<string, number>> = { sp, se, score: (sp + se) / 2 };
  return cells.flatMap((cell) => {
    const value = cell.measure.device ? undefined : found[cell.measure.metric ?? ""];
    if (value === undefined || Math.abs(value - cell.value) < 0.5 * 10 ** -cell.places) return [];
    return [flag(cell, value, kindOf(cell, value), "follows from the hits of the four devices, pooled")];
  });
}
