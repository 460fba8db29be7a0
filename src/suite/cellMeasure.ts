import type { ExperimentColumn, ExperimentEntry, ExperimentRow, Measure } from "./entry.js";

/** What of a run a cell holds: the column's measure, the row's laid over it, and the row's for this column over both. */
export function measureOf(row: ExperimentRow, column: ExperimentColumn): Measure {
  return { metric: "score", ...column.measure, ...row.measure, ...row.measures?.[column.key] };
}

/** Whose runs stand in a cell. */
export interface CellSource {
  experiment: string;
  row: string;
  /** Undefined: any. */
  task?: string;
  fold?: string;
}

/** Whose runs stand in a cell: the row's own unless it names others, and what its column says of task and fold. */
export function sourceOf(entry: ExperimentEntry, row: ExperimentRow, column: ExperimentColumn): CellSource {
  const { experiment = entry.id, row: name = row.name, task, fold } = row.runs ?? {};
  return { experiment, row: name, task: column.task ?? task, fold: column.fold ?? fold };
}
