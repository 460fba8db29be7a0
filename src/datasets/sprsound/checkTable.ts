import { audioLine } from "../audioFindings.js";
import { alignColumns, problemLines } from "../checkText.js";
import type { SprSoundCheck } from "./check.js";
import { EVENT_TYPES, RECORD_LABELS, SPRSOUND_SETS } from "./labels.js";

/** A check as text: counts by set and class in one table, then what was found. */
export function sprSoundCheckTable(check: SprSoundCheck): string {
  const sets = SPRSOUND_SETS.filter((set) => check.bySplit[set]);
  const column = (value: (of: NonNullable<SprSoundCheck["bySplit"][(typeof sets)[number]]>) => number) =>
    sets.map((set) => value(check.bySplit[set]!));
  const withTotal = (name: string, values: number[]) => [name, ...values, values.reduce((a, b) => a + b, 0)];
  const rows: (string | number)[][] = [
    ["", ...sets, "all"],
    withTotal(
      "recordings",
      column((of) => of.recordings),
    ),
    ...RECORD_LABELS.map((label) =>
      withTotal(
        `  ${label}`,
        column((of) => of.records[label]),
      ),
    ),
    // A patient of intra is in training too, so the total is not the sum.
    ["patients", ...column((of) => of.patients), check.patients],
    withTotal(
      "events",
      column((of) => of.events),
    ),
    ...EVENT_TYPES.map((type) =>
      withTotal(
        `  ${type}`,
        column((of) => of.eventTypes[type]),
      ),
    ),
    ...(check.audio.read
      ? [
          withTotal(
            "minutes",
            column((of) => Math.round((of.durationSeconds ?? 0) / 60)),
          ),
        ]
      : []),
  ];
  const lines = [
    check.madeUp ? "sprsound (MADE-UP SOUNDS, not recordings)" : "sprsound",
    "",
    ...alignColumns(rows),
    "",
    audioLine(check.audio),
    "",
    ...problemLines(check.problems),
  ];
  return lines.join("\n");
}
