import type { SweepData } from "../../figures/sweep.js";
import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import { lossCurves } from "../pictures/lossCurves.js";
import { commandFor, noteOf, oneOfEachVariant, type Pictures } from "./pictureRuns.js";
import type { EntryPicture, ReportCell, ReportModel } from "./reportModel.js";
import { unitWords } from "./shownNumber.js";
import type { RunSummary } from "./summaryLine.js";

/** Of a figure of matrices without printed numbers: our runs' matrix for each row and fold. */
export function matricesOfRows(entry: ExperimentEntry, runs: readonly RunSummary[]): Pictures {
  return ofRows(entry, runs, (run) => {
    const [matrix] = Object.values(run.result.tests).map(({ confusion }) => confusion);
    return matrix && { kind: "confusion", matrix };
  });
}

/** Of a figure of training curves: the parts of the loss by epoch, of each row's runs. */
export function lossesOfRows(entry: ExperimentEntry, runs: readonly RunSummary[]): Pictures {
  return ofRows(entry, runs, ({ result: { history, chosenEpoch } }) =>
    history && history.length > 0 ? { kind: "curves", data: lossCurves({ history, chosenEpoch }) } : undefined,
  );
}

/** Of a figure of a sweep: each column's numbers over what the rows vary, a picture for each variant of the runs. */
export function sweepOfRows(entry: ExperimentEntry, { cells }: Pick<ReportModel, "cells">): Pictures {
  const { sweep, tasks } = entry;
  if (!sweep) return {};
  const made = cells.filter((cell) => typeof cell.ours?.mean === "number");
  const pictures = [...new Set(made.map(({ variant }) => variant))].map((variant): EntryPicture => {
    const own = made.filter((cell) => cell.variant === variant);
    const reduced = own.some(({ why }) => why.includes("reduced budget")) ? "reduced budget" : "";
    const note = [variant, reduced].filter(Boolean).join(", ");
    const data = sweepData(entry, sweep, own);
    return { kind: "sweep", task: tasks[0]!, title: entry.title, ...(note && { note }), data };
  });
  const missing = entry.rows.filter(({ name }) => !made.some((cell) => cell.row === name));
  return {
    pictures,
    missingPictures: missing.map((row) => ({
      what: `${row.name}: no run yet.`,
      command: commandFor(entry, row, { fold: foldsOf(entry, row)[0] }),
    })),
  };
}

function sweepData(entry: ExperimentEntry, xLabel: string, cells: readonly ReportCell[]): SweepData {
  const columns = [...new Set(cells.map(({ column }) => column))];
  return {
    xLabel,
    yLabel: `${entry.metric} (${unitWords(cells[0]!.unit)})`,
    series: columns.map((column) => ({
      name: column,
      points: entry.rows.flatMap(({ name, at = name }) =>
        cells
          .filter((cell) => cell.column === column && cell.row === name)
          .map(({ ours }) => ({ at, mean: ours!.mean, low: ours!.low, high: ours!.high })),
      ),
    })),
  };
}

type Drawn =
  | Pick<Extract<EntryPicture, { kind: "confusion" }>, "kind" | "matrix">
  | Pick<Extract<EntryPicture, { kind: "curves" }>, "kind" | "data">;

/** A picture for each run of each row and fold, of each variant the one with the least seed. */
function ofRows(
  entry: ExperimentEntry,
  runs: readonly RunSummary[],
  draw: (run: RunSummary) => Drawn | undefined,
): Pictures {
  const pictures: EntryPicture[] = [];
  const missingPictures: { what: string; command: string }[] = [];
  for (const row of entry.rows.filter(({ state }) => state === "built")) {
    for (const fold of foldsOf(entry, row)) {
      const own = oneOfEachVariant(entry, row, runs, ({ request }) => fold === undefined || request.fold === fold);
      const several = foldsOf(entry, row).length > 1;
      const title = [row.name, ...(several && fold !== undefined ? [fold] : [])].join(", ");
      const found = own.flatMap((run) => {
        const drawn = draw(run);
        return drawn ? [{ task: run.request.task, title, note: noteOf(run), ...drawn }] : [];
      });
      pictures.push(...found);
      if (found.length > 0) continue;
      missingPictures.push({ what: `${title}: no run yet.`, command: commandFor(entry, row, { fold }) });
    }
  }
  return { pictures, missingPictures };
}

function foldsOf({ folds }: ExperimentEntry, row: ExperimentRow): readonly (string | undefined)[] {
  return row.runs?.fold === undefined ? (folds ?? [undefined]) : [row.runs.fold];
}
