import path from "node:path";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import { type RunRecord, resultsFolder } from "./runRecord.js";

/**
 * Writes the numbers of finished runs to `experiments/<paper>/results/`, for a commit: cells, per-epoch metrics, per-patient
 * counts, digests, seconds. Runs on made-up sounds are left out. Answers the files, relative to the project.
 */
export function exportResults(records: readonly RunRecord[], ids: readonly string[]): string[] {
  const chosen = records.filter(
    ({ request, data }) => !data.madeUp && (ids.length === 0 || ids.includes(request.experiment)),
  );
  if (chosen.length === 0) {
    throw new UserError(
      `there is no finished run on recordings${ids.length > 0 ? ` of ${ids.join(", ")}` : ""} to export; \`npx auscult run ID\` makes one`,
    );
  }
  return chosen.map((record) => {
    const file = path.join(resultsFolder(record.request.experiment.split("/")[0]!), `${record.runId}.json`);
    writeJsonAtomic(file, record);
    return path.relative(projectRoot(), file);
  });
}
