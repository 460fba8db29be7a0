import path from "node:path";
import { writeFileAtomic } from "../node/atomicFile.js";
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
    writeFileAtomic(file, readableJson(record));
    return path.relative(projectRoot(), file);
  });
}

/** Indented JSON with each innermost list on one line: a confusion matrix stays a matrix, and a difference between commits can be read. */
function readableJson(value: unknown): string {
  // Line breaks stand only between tokens: inside a JSON string they are escaped.
  const text = JSON.stringify(value, null, 1).replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\n\s*/g, ""));
  return `${text}\n`;
}
