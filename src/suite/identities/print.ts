import type { ExperimentEntry } from "../entry.js";
import { type PrintedCell, printedCells } from "./printedCell.js";

/** All that print states, by entry and by number. */
export interface Print {
  entries: ReadonlyMap<string, ExperimentEntry>;
  cells: ReadonlyMap<string, readonly PrintedCell[]>;
  /** Cells that state one and the same number, under its name. */
  byNumber: ReadonlyMap<string, readonly PrintedCell[]>;
  /** The name of a cell's number; undefined for literature, whose numbers are no runs of ours. */
  numberOf(cell: PrintedCell): string | undefined;
}

/** Reads the printed numbers of entries. Data set tables are counted instead, and are left out. */
export function readPrint(all: readonly ExperimentEntry[]): Print {
  const entries = new Map(all.filter(({ kind }) => kind !== "dataset").map((entry) => [entry.id, entry]));
  const cells = new Map([...entries].map(([id, entry]) => [id, printedCells(entry)]));
  const numberOf = (cell: PrintedCell) => (cell.row.state === "literature" ? undefined : nameOfNumber(cell, entries));
  const byNumber = new Map<string, PrintedCell[]>();
  for (const cell of [...cells.values()].flat()) {
    const name = numberOf(cell);
    if (name === undefined) continue;
    const same = byNumber.get(name);
    if (same) same.push(cell);
    else byNumber.set(name, [cell]);
  }
  return { entries, cells, byNumber, numberOf };
}

/** Whose runs, on which split, measured how: the same for every cell that states the same number. */
function nameOfNumber(cell: PrintedCell, entries: ReadonlyMap<string, ExperimentEntry>): string {
  const { entry, measure, source } = cell;
  const { minus, atLeast: _, ...of } = measure;
  const reference = typeof minus === "string" ? { experiment: entry.id, row: minus } : minus;
  const task = source.task ?? (entry.tasks.length === 1 ? entry.tasks[0] : undefined);
  const home = homeOf(source.experiment, source.row, entries);
  const fold = source.fold ?? home.fold ?? entry.testSet;
  const words = { ...of, minus: reference && homeOf(reference.experiment, reference.row, entries) };
  return JSON.stringify([home.experiment, home.row, task, fold, entry.presets, Object.entries(words).sort()]);
}

/** Follows `runs` to the row that is trained. */
function homeOf(
  experiment: string,
  row: string,
  entries: ReadonlyMap<string, ExperimentEntry>,
): { experiment: string; row: string; fold?: string } {
  const found = entries.get(experiment)?.rows.find(({ name }) => name === row);
  const { experiment: next = experiment, row: name = row, fold } = found?.runs ?? {};
  const own = fold !== undefined && { fold };
  if (!found || (next === experiment && name === row)) return { experiment, row, ...own };
  return { ...homeOf(next, name, entries), ...own };
}
