import { audioLine } from "../audioFindings.js";
import { alignColumns, problemLines } from "../checkText.js";
import type { IcbhiCheck, IcbhiCheckCounts, SplitPart } from "./check.js";
import { FOLDS } from "./foldList.js";
import { CYCLE_LABELS, ICBHI_DEVICES } from "./labels.js";

const PARTS: readonly (readonly [SplitPart, string])[] = [
  ["officialTrain", "official train"],
  ["officialTest", "official test"],
  ...FOLDS.map((fold) => [`fold${fold}`, `fold ${fold}`] as const),
];

/** A check as text: counts by split and by device, then what was found. */
export function icbhiCheckTable(check: IcbhiCheck): string {
  const parts = PARTS.flatMap(([part, title]) => {
    const counts = check.bySplit[part];
    return counts ? [[title, counts] as const] : [];
  });
  const lines = [
    check.madeUp ? "icbhi (MADE-UP SOUNDS, not recordings)" : "icbhi",
    "",
    ...countTable([["all", check], ...parts]),
    "",
    ...countTable(ICBHI_DEVICES.map((device) => [device, check.byDevice[device]] as const)),
    ...ICBHI_DEVICES.flatMap((device) => formatLines(device, check.byDevice[device].formats)),
    "",
    ...(check.byDiagnosis ? [diagnosisLine(check.byDiagnosis), ""] : []),
    ...partLines(check),
    audioLine(check.audio),
    "",
    ...problemLines(check.problems),
  ];
  return lines.join("\n");
}

/** One column for each; where some have no audio, lines below tell how many have. */
function countTable(columns: readonly (readonly [string, IcbhiCheckCounts])[]): string[] {
  const counts = columns.map(([, of]) => of);
  const part = counts.some((of) => of.withAudio.recordings < of.recordings);
  const row = (name: string, value: (of: IcbhiCheckCounts) => number) => [name, ...counts.map(value)];
  const both = (name: string, value: (of: Omit<IcbhiCheckCounts, "withAudio">) => number, indent = "") => [
    row(indent + name, value),
    ...(part ? [row(`${indent}  with audio`, ({ withAudio }) => value(withAudio))] : []),
  ];
  const timed = counts.some(({ withAudio }) => withAudio.durationSeconds !== undefined);
  return alignColumns([
    ["", ...columns.map(([title]) => title)],
    ...both("recordings", (of) => of.recordings),
    ...both("patients", (of) => of.patients),
    ...both("cycles", (of) => of.events),
    ...CYCLE_LABELS.flatMap((label) => both(label, (of) => of.byClass[label], "  ")),
    ...(timed ? [row("minutes", ({ withAudio }) => Math.round((withAudio.durationSeconds ?? 0) / 60))] : []),
  ]);
}

/** Such as "Litt3200: 60 of 4000 Hz, 16 bits"; nothing for a device without sounds. */
function formatLines(device: string, formats: Readonly<Record<string, number>> = {}): string[] {
  const shown = Object.entries(formats).map(([form, count]) => `${count.toLocaleString("en")} of ${form}`);
  return shown.length === 0 ? [] : [`${device}: ${shown.join("; ")}`];
}

function diagnosisLine(patients: NonNullable<IcbhiCheck["byDiagnosis"]>): string {
  const shown = Object.entries(patients).filter(([, count]) => count > 0);
  return `patients by diagnosis: ${shown.map(([diagnosis, count]) => `${diagnosis} ${count}`).join(", ")}`;
}

/** Nothing where all recordings have audio. */
function partLines({ recordings, events, withAudio }: IcbhiCheck): string[] {
  if (withAudio.recordings === recordings) return [];
  const share = (part: number, all: number) => `${part.toLocaleString("en")} of ${all.toLocaleString("en")}`;
  const cycles = share(withAudio.events, events);
  return [`Part of the data: ${share(withAudio.recordings, recordings)} recordings (${cycles} cycles) have audio.`];
}
