import type { Verdict } from "../../evaluation/verdict.js";
import type { CountedCell, CountedEntry } from "../counting/countedEntry.js";
import type { ExperimentEntry } from "../entry.js";
import type { ReportCell } from "./reportModel.js";

/** The cells of a data set table as a report shows them: a count has no interval, and it agrees with print or does not. */
export function countedCells(entry: ExperimentEntry, counted: CountedEntry): ReportCell[] {
  return counted.cells.map((cell) => {
    const column = entry.columns.find(({ key }) => key === cell.column)!;
    return {
      id: [entry.id, cell.row, cell.column].join("/"),
      row: cell.row,
      column: column.title,
      unit: column.unit,
      ...(column.decimals !== undefined && { decimals: column.decimals }),
      printed: cell.printed,
      ours: cell.counted === null ? null : { mean: cell.counted, low: null, high: null, n: 1 },
      verdict: verdictOf(cell),
      why: cell.flag
        ? `${cell.flag.kind}: ${cell.flag.says}`
        : (cell.why ?? (cell.outcome === "equal" ? "equal as printed" : "")),
      optimism: null,
      protocolGap: null,
      caveats: [],
      runs: [],
    };
  });
}

function verdictOf({ outcome, printed, counted }: CountedCell): Verdict {
  if (outcome === "equal") return "reproduced";
  if (outcome === "differs") return counted! > printed! ? "above" : "below";
  if (outcome === "made up") return "not comparable";
  return outcome === "no print" ? "not printed" : "not run";
}
