import { UserError } from "../../userError.js";
import { readText } from "../files.js";
import { type Corrections, parseCorrections } from "./corrections.js";
import { type DemographicList, parseDemographics } from "./demographics.js";
import { type DiagnosisList, parseDiagnoses } from "./diagnoses.js";
import { type FoldList, parseFoldList } from "./foldList.js";
import type { IcbhiLayout, IcbhiListName } from "./layout.js";
import type { IcbhiRecording, Report } from "./recording.js";
import { parseSplitList, type SplitList } from "./splitList.js";

/** The publisher's lists; those that are not there are absent. */
export interface IcbhiLists {
  officialSplit?: SplitList;
  folds?: FoldList;
  corrections?: Corrections;
  demographics?: DemographicList;
  diagnoses?: DiagnosisList;
}

/** Reads the lists that are there. */
export function readLists({ lists: files }: IcbhiLayout, report: Report): IcbhiLists {
  const read = <T extends { problems: readonly Parameters<Report>[1][] }>(
    list: IcbhiListName,
    parse: (text: string) => T,
  ): T | undefined => {
    const file = files[list];
    if (file === undefined) return undefined;
    let text: string;
    try {
      text = readText(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      report(file, { what: error.message, severity: "error" });
      return undefined;
    }
    const parsed = parse(text);
    for (const problem of parsed.problems) report(file, problem);
    return parsed;
  };
  const officialSplit = read("officialSplit", parseSplitList);
  const folds = read("folds", parseFoldList);
  const corrections = read("corrections", parseCorrections);
  const demographics = read("demographics", parseDemographics);
  const diagnoses = read("diagnoses", parseDiagnoses);
  return {
    ...(officialSplit ? { officialSplit } : {}),
    ...(folds ? { folds } : {}),
    ...(corrections ? { corrections } : {}),
    ...(demographics ? { demographics } : {}),
    ...(diagnoses ? { diagnoses } : {}),
  };
}

/** A patient whom a list does not name is in no fold, or has no diagnosis; told once for each. */
export function reportMissingPatients(
  { lists: files }: IcbhiLayout,
  recordings: readonly IcbhiRecording[],
  lists: IcbhiLists,
  report: Report,
): void {
  const patients = [...new Set(recordings.map(({ patient }) => patient))].sort();
  const check = (
    list: IcbhiListName,
    known: ReadonlyMap<string, unknown> | undefined,
    what: string,
    error: boolean,
  ) => {
    const missing = patients.filter((patient) => known && !known.has(patient));
    if (missing.length === 0) return;
    const who = `patient${missing.length === 1 ? "" : "s"} ${missing.slice(0, 10).join(", ")}${missing.length > 10 ? " and more" : ""}`;
    report(files[list]!, { what: `does not name ${who}, ${what}`, severity: error ? "error" : "warning" });
  };
  check("folds", lists.folds?.folds, "so the folds do not cover the set", true);
  check("diagnoses", lists.diagnoses?.patients, "whose diagnosis is unknown", false);
  check("demographics", lists.demographics?.patients, "of whom nothing more is known", false);
}
