import type { ExperimentEntry } from "../entry.js";
import type { Comparison, ReportCell } from "../reportModel.js";
import type { EstimateStore } from "./estimateStore.js";
import type { RunSummary } from "./summaryLine.js";

export function comparisonsOf(
  _entry: ExperimentEntry,
  _cells: readonly ReportCell[],
  _runs: readonly RunSummary[],
  _store: EstimateStore,
): Comparison[] {
  return [];
}
