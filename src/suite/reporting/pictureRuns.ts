import { caveatsOf, caveatWords } from "../caveats.js";
import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import type { ReportModel } from "./reportModel.js";
import type { RunSummary } from "./summaryLine.js";
import { runsOfRow, variantLabel } from "./variants.js";

/** An entry's pictures, and those that no run has made yet. */
export type Pictures = Pick<ReportModel, "pictures" | "missingPictures">;

/** A row's runs, of each variant the one with the least seed. */
export function oneOfEachVariant(
  entry: ExperimentEntry,
  row: ExperimentRow,
  runs: readonly RunSummary[],
  having: (run: RunSummary) => boolean,
): RunSummary[] {
  const home = { experiment: row.runs?.experiment ?? entry.id, row: row.runs?.row ?? row.name };
  const first = new Map<string, RunSummary>();
  for (const run of runsOfRow(runs, home)) {
    if (!having(run)) continue;
    const label = variantLabel(run);
    const other = first.get(label);
    if (!other || run.request.seed < other.request.seed) first.set(label, run);
  }
  return [...first.values()];
}

/** What must be said beside a run's picture. */
export function noteOf(run: RunSummary): string {
  const reduced = run.reduced === undefined ? "" : "reduced budget, not to be held against print";
  return [variantLabel(run), `seed ${run.request.seed}`, reduced, caveatWords(caveatsOf(run.split))]
    .filter(Boolean)
    .join(", ");
}

/** The command that makes a row's run; where it says no task, the row's or the entry's first. */
export function commandFor(
  entry: ExperimentEntry,
  row: ExperimentRow,
  { task = row.runs?.task ?? entry.tasks[0], fold }: { task?: string; fold?: string },
): string {
  const { experiment = entry.id, row: name = row.name } = row.runs ?? {};
  const ofFold = fold === undefined ? "" : ` --fold ${fold}`;
  return `npx auscult run ${experiment} --row "${name}" --task ${task}${ofFold} --protocol published --profile full`;
}
