import type { RunRequest } from "../../papers/paper.js";
import type { ExperimentColumn, ExperimentEntry, ExperimentRow, Measure } from "../entry.js";
import type { RunSummary } from "./summaryLine.js";

/** Whose runs fill a cell. Without a fold: runs without one, or all folds of a cross-validation together. */
export interface CellSource {
  experiment: string;
  row: string;
  task: string | undefined;
  fold: string | undefined;
}

export function cellSource(entry: ExperimentEntry, row: ExperimentRow, column: ExperimentColumn): CellSource {
  return {
    experiment: row.runs?.experiment ?? entry.id,
    row: row.runs?.row ?? row.name,
    // A total is over all tasks.
    task: cellMeasure(row, column).metric === "total" ? undefined : (row.runs?.task ?? column.task ?? entry.tasks[0]),
    fold: row.runs?.fold ?? column.fold,
  };
}

/** What of a run stands in a cell: the column's measure, the row's over it, the cell's own over both. */
export function cellMeasure(row: ExperimentRow, column: ExperimentColumn): Measure {
  return { ...column.measure, ...row.measure, ...row.measures?.[column.key] };
}

export function isFrom({ experiment, row, task, fold }: CellSource, { request }: RunSummary): boolean {
  return (
    request.experiment === experiment &&
    request.row === row &&
    (task === undefined || request.task === task) &&
    (fold === undefined || foldOf(request) === fold)
  );
}

export function foldOf(request: Omit<RunRequest, "dataDir">): string | undefined {
  return request.fold;
}
