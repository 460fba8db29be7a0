import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import type { CountQuery } from "../entry.js";
import type { Flag } from "../flag.js";
import type { CountedCell, CountedDataset } from "./countedEntry.js";
import { NotCounted } from "./countingData.js";

/** The form of the files; one of another form is refused, not guessed at. */
export const COUNTS_FORMAT = 1;

/** `experiments/<paper>/results/<entry>.counts.json`. */
export interface CountsFile {
  format: typeof COUNTS_FORMAT;
  experiment: string;
  datasets: Omit<CountedDataset, "from" | "madeUp">[];
  cells: CommittedCell[];
}

interface CommittedCell extends Pick<CountedCell, "row" | "column" | "printed" | "counted"> {
  query: CountQuery;
  /** What was wrong with the printed number: some of it is found in the data only. */
  flag?: Pick<Flag, "kind" | "says">;
}

/** Counts that were committed of an entry. */
export interface CommittedCounts {
  datasets: CountedDataset[];
  /** A cell; undefined where it was not counted, or something else was. */
  cell(row: string, column: string, query: CountQuery): CommittedCell | undefined;
}

/** Its own ending, since the results of runs lie beside it. */
export function countsFile(id: string): string {
  const [paper, name] = id.split("/") as [string, string];
  return path.join(projectRoot(), "experiments", paper, "results", `${name}.counts.json`);
}

/** The committed counts of an entry: undefined where there are none, the reason where they cannot be read. */
export function committedCounts(id: string): CommittedCounts | NotCounted | undefined {
  const file = countsFile(id);
  if (!existsSync(file)) return undefined;
  const refuse = (why: string) => new NotCounted(`${path.relative(projectRoot(), file)} ${why}`);
  let read: CountsFile;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as CountsFile;
  } catch (error) {
    return refuse(`cannot be read (${(error as Error).message})`);
  }
  if (read?.format !== COUNTS_FORMAT) return refuse(`has format ${read?.format}, this version reads ${COUNTS_FORMAT}`);
  if (!Array.isArray(read.cells) || !Array.isArray(read.datasets)) return refuse("holds no cells");
  const cells = new Map(read.cells.map((cell) => [keyOf(cell.row, cell.column, cell.query), cell]));
  return {
    datasets: read.datasets.map((dataset) => ({ ...dataset, from: "committed results", madeUp: false })),
    cell: (row, column, query) => cells.get(keyOf(row, column, query)),
  };
}

/** Two queries of the same cell are alike where they say the same, in whatever order. */
function keyOf(row: string, column: string, query: CountQuery): string {
  const said = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([row, column, said]);
}
