import type { ExperimentEntry, Measure } from "../entry.js";
import { homeOf } from "../planning/expand.js";
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
function nameOfNumber(
  { entry, row, measure, source }: PrintedCell,
  entries: ReadonlyMap<string, ExperimentEntry>,
): string {
  const { minus, atLeast: _, ...of } = measure;
  const home = homeOf(entry, row, entries);
  const split = source.fold ?? home.fold ?? entry.testSet;
  const words = { ...of, minus: minus && referenceHome(entry, minus, entries) };
  return JSON.stringify([
    [home.experiment, home.row, source.task, split],
    entry.presets,
    Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

/** The row that a difference is to, as the row that is trained. */
function referenceHome(
  entry: ExperimentEntry,
  minus: NonNullable<Measure["minus"]>,
  entries: ReadonlyMap<string, ExperimentEntry>,
): [string, string] {
  const { experiment, row: name } = typeof minus === "string" ? { experiment: entry.id, row: minus } : minus;
  const there = entries.get(experiment);
  const row = there?.rows.find((one) => one.name === name);
  if (!there || !row) throw new Error(`${entry.id}: there is no row "${name}" of ${experiment} to compare with`);
  const home = homeOf(there, row, entries);
  return [home.experiment, home.row];
}
