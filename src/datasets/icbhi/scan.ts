import path from "node:path";
import { UserError } from "../../userError.js";
import { filesIn, pathBelow, readText } from "../files.js";
import type { Problem } from "../problem.js";
import { parseIcbhiAnnotation } from "./annotation.js";
import { ICBHI_NAME_FORM, parseIcbhiName } from "./fileName.js";
import type { IcbhiLayout } from "./layout.js";
import { type IcbhiLists, readLists, reportMissingPatients } from "./lists.js";
import { matchOfficialSides } from "./officialSides.js";
import type { IcbhiRecording, Report } from "./recording.js";

/** Everything read, with everything found. */
export interface IcbhiScan {
  recordings: IcbhiRecording[];
  lists: IcbhiLists;
  problems: Problem[];
}

/** Reads the whole set and collects what is wrong, without throwing for anything in it. */
export function scanIcbhi(layout: IcbhiLayout): IcbhiScan {
  const problems: Problem[] = [];
  const report = (file: string, found: Omit<Problem, "file">) =>
    problems.push({ file: pathBelow(layout.root, file), ...found });
  const told = new Set<string>(); // a folder of sounds and annotations is listed for each
  const odd = (file: string, what: string) => {
    if (!told.has(file)) report(file, { what, severity: "error" });
    told.add(file);
  };
  for (const { file, what } of layout.odd) odd(file, what);
  const lists = readLists(layout, report);

  const wavs = new Map<string, string>();
  for (const folder of layout.audioFolders) {
    for (const base of filesIn(folder, ".wav", odd)) {
      const file = path.join(folder, base);
      const name = rightName(base, lists);
      const before = wavs.get(name);
      if (before) {
        const what = `is another recording of the name ${name}, beside ${pathBelow(layout.root, before)}`;
        report(file, { what, severity: "error" });
      } else wavs.set(name, file);
    }
  }

  const texts = new Map<string, { file: string; text: string }>();
  const recordings: IcbhiRecording[] = [];
  const listFiles = new Set(Object.values(layout.lists));
  for (const folder of layout.annotationFolders) {
    for (const base of filesIn(folder, ".txt", odd)) {
      const file = path.join(folder, base);
      if (listFiles.has(file) || NOT_ANNOTATIONS.has(base)) continue;
      const name = rightName(base, lists);
      const fields = parseIcbhiName(name);
      if (!fields) {
        report(file, { what: `the name is not of the form ${ICBHI_NAME_FORM}`, severity: "error" });
        continue;
      }
      let text: string;
      try {
        text = readText(file);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        report(file, { what: error.message, severity: "error" });
        continue;
      }
      const before = texts.get(name);
      if (before) {
        if (before.text !== text) {
          const what = `differs from ${pathBelow(layout.root, before.file)}, which annotates the same recording; remove the wrong one`;
          report(file, { what, severity: "error" });
        }
        continue;
      }
      texts.set(name, { file, text });
      const { cycles, problems: found } = parseIcbhiAnnotation(text);
      for (const problem of found) report(file, problem);
      const wav = wavs.get(name);
      recordings.push({ name, ...fields, ...(wav ? { file: wav } : {}), annotationFile: file, cycles });
    }
  }
  for (const [name, file] of wavs) {
    if (!texts.has(name)) {
      report(file, { what: "has no annotation (.txt of the same name), so it is not used", severity: "warning" });
    }
  }
  recordings.sort((a, b) => (a.name < b.name ? -1 : 1));
  reportSameStem(recordings, report);
  reportMissingPatients(layout, recordings, lists, report);
  return { recordings: matchOfficialSides(layout, recordings, lists, report), lists, problems };
}

/** Other texts that the release holds among the annotations. */
const NOT_ANNOTATIONS: ReadonlySet<string> = new Set(["filename_format.txt", "MADE_UP.txt"]);

/** The base name without ending, with the device that the publisher's corrections give it. */
function rightName(base: string, lists: IcbhiLists): string {
  const name = base.slice(0, base.lastIndexOf("."));
  return lists.corrections?.names.get(name) ?? name;
}

/** One recording twice under two devices: the first download and the corrected one, side by side. */
function reportSameStem(recordings: readonly IcbhiRecording[], report: Report): void {
  const stems = new Map<string, string>();
  for (const { name, device, annotationFile } of recordings) {
    const stem = name.slice(0, -device.length);
    const before = stems.get(stem);
    if (before) {
      const what = `differs from ${before} in its device only; remove the one with the wrong device`;
      report(annotationFile, { what, severity: "error" });
    } else stems.set(stem, name);
  }
}
