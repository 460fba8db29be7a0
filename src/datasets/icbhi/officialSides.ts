import { parseIcbhiName } from "./fileName.js";
import type { IcbhiLayout } from "./layout.js";
import type { IcbhiLists } from "./lists.js";
import type { IcbhiRecording, Report } from "./recording.js";
import type { OfficialSide } from "./splitList.js";

/**
 * The recordings with their side of the official list. A line that names no recording is matched without its device, as
 * the real list needs once: it names 226_1b1_Pl_sc_Meditron, the files say LittC2SE (papers.md 0.1). Lines and recordings
 * without partner are reported, and so is a recording on two lines.
 */
export function matchOfficialSides(
  layout: IcbhiLayout,
  recordings: readonly IcbhiRecording[],
  lists: IcbhiLists,
  report: Report,
): IcbhiRecording[] {
  const list = lists.officialSplit;
  const file = layout.lists.officialSplit;
  if (!list || file === undefined) return [...recordings];
  const names = new Set(recordings.map(({ name }) => name));
  const byStem = new Map(recordings.map(({ name, device }) => [name.slice(0, -device.length), name]));
  const sideOf = new Map<string, { side: OfficialSide; line: number }>();
  for (const [listed, { side, line }] of list.sides) {
    const corrected = lists.corrections?.names.get(listed) ?? listed;
    const name = names.has(corrected) ? corrected : byStem.get(stemOf(corrected));
    if (name === undefined) {
      report(file, { line, what: `names ${listed}, of which there is no annotation`, severity: "warning" });
      continue;
    }
    if (name !== listed) {
      const what = `names ${listed}, the recording is called ${name}; matched without the device`;
      report(file, { line, what, severity: "note" });
    }
    const before = sideOf.get(name);
    if (before) {
      const what = `names the recording ${name}, as line ${before.line} does under another name`;
      report(file, { line, what, severity: "error" });
    } else sideOf.set(name, { side, line });
  }
  return recordings.map((recording) => {
    const found = sideOf.get(recording.name);
    if (!found) {
      const what = `is not in the official split list, so it is on neither side of the official split`;
      report(recording.annotationFile, { what, severity: "warning" });
    }
    return found ? { ...recording, officialSide: found.side } : recording;
  });
}

/** The name without its device, which has eight characters in any spelling. */
function stemOf(name: string): string {
  const device = parseIcbhiName(name)?.device;
  return name.slice(0, device ? -device.length : -8);
}
