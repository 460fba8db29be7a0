import { audioLine } from "../audioFindings.js";
import { alignColumns, problemLines } from "../checkText.js";
import { CYCLE_LABELS, ICBHI_DEVICES } from "../icbhi/labels.js";
import type { IcbhiLogmelCheck, LogmelCounts } from "./check.js";

/** A check as text: counts by split and by device, then what was found. */
export function icbhiLogmelCheckTable(check: IcbhiLogmelCheck): string {
  const parts = Object.entries(check.bySplit);
  return [
    "icbhi-logmel",
    "",
    ...countTable([["all", check], ...parts.map(([part, of]) => [partTitle(part), of] as const)]),
    "",
    ...countTable(ICBHI_DEVICES.map((device) => [device, check.byDevice[device]] as const)),
    "",
    audioLine(check.audio, "maps"),
    "",
    ...problemLines(check.problems),
  ].join("\n");
}

function countTable(columns: readonly (readonly [string, LogmelCounts])[]): string[] {
  const row = (name: string, value: (of: LogmelCounts) => number) => [name, ...columns.map(([, of]) => value(of))];
  return alignColumns([
    ["", ...columns.map(([title]) => title)],
    row("recordings", (of) => of.recordings),
    row("patients", (of) => of.patients),
    row("cycles", (of) => of.events),
    ...CYCLE_LABELS.map((label) => row(`  ${label}`, (of) => of.byClass[label])),
  ]);
}

/** Such as "official train" and "fold 0". */
function partTitle(part: string): string {
  return part.replace(/([A-Z]|\d)/, (sign) => ` ${sign.toLowerCase()}`);
}
