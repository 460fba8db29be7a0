import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { mlrunsFolder } from "../../node/paths.js";
import { trackedRun } from "../../tracking/trackedRun.js";
import { runAddress } from "../../tracking/trackerPage.js";
import { overviewPage } from "./overviewPage.js";
import type { ReportModel } from "./reportModel.js";
import { renderReport } from "./reportPage.js";

/** Writes the page of one experiment, or an overview with a folder of pages beside it. Answers the files. */
export function writeReport(out: string, models: readonly ReportModel[]): string[] {
  for (const model of models) linkRuns(model);
  if (models.length === 1) {
    writeFileAtomic(out, renderReport(models[0]!, { plotlyScript: "" }));
    return [out];
  }
  const folder = `${path.basename(out).replace(/\.html?$/i, "")}-pages`;
  const place = (model: ReportModel) => `${folder}/${model.id.replaceAll("/", "-")}.html`;
  const overview = path.basename(out);
  for (const model of models) {
    const page = renderReport(model, { plotlyScript: "", overview: `../${encodeURIComponent(overview)}` });
    writeFileAtomic(path.join(path.dirname(out), place(model)), page);
  }
  writeFileAtomic(
    out,
    overviewPage(models, (model) => place(model).split("/").map(encodeURIComponent).join("/")),
  );
  return [out, ...models.map((model) => path.join(path.dirname(out), place(model)))];
}

/** Runs that the tracker of `MLFLOW_TRACKING_URI` has become links; a local server's address holds only while it runs. */
function linkRuns({ runs }: ReportModel): void {
  const tracker = process.env.MLFLOW_TRACKING_URI;
  if (!tracker || !/^https?:/i.test(tracker)) return;
  for (const run of runs) {
    const tracked = trackedRun(path.join(mlrunsFolder(), "runs", run.runId));
    if (tracked) run.trackingUrl = runAddress(tracker, tracked);
  }
}
