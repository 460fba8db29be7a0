import type { ExperimentEntry, Unit } from "./entry.js";

/** What one of a unit is of 1, where it is a share or a difference of shares; undefined for counts and sizes. */
export function shareOfUnit(unit: Unit): number | undefined {
  if (unit === "share") return 1;
  return unit === "percent" || unit === "points" ? 0.01 : undefined;
}

/** The printed Score that a row's runs of a task stand beside, from 0 to 1; undefined where none is printed. */
export function printedScore(entry: ExperimentEntry, rowName: string, task: string): number | undefined {
  const row = entry.rows.find(({ name }) => name === rowName);
  const column = entry.columns.find(
    (one) => (one.task ?? task) === task && (row?.measure?.metric ?? one.measure?.metric ?? "score") === "score",
  );
  const printed = column && row?.printed[column.key];
  const scale = column && shareOfUnit(column.unit);
  return typeof printed === "number" && scale !== undefined ? printed * scale : undefined;
}
