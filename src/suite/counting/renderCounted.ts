import { alignColumns } from "../../datasets/checkText.js";
import type { ExperimentColumn, ExperimentEntry } from "../entry.js";
import { wrapLine } from "../wrapLine.js";
import type { CountedCell, CountedDataset, CountedEntry } from "./countedEntry.js";
import { printedPlaces } from "./printed.js";

/** What is left for columns of numbers in a line of 100. */
const MOST_CHARACTERS = 100;

/** Printed number, count and flag of each cell, and what each flag says, as text of at most 100 columns where names allow it. */
export function renderCounted(entry: ExperimentEntry, counted: CountedEntry): string {
  const { cells, flags, datasets } = counted;
  const blocks = blocksOf(entry, cells).map((columns) => blockLines(entry, columns, cells));
  const why = new Map<string, number>();
  for (const { why: one } of cells) if (one) why.set(one, (why.get(one) ?? 0) + 1);
  const lines = [
    `${entry.id}: ${entry.title}`,
    entry.citation,
    "",
    ...blocks.flatMap((block) => [...block, ""]),
    outcomeLine(cells),
    ...[...why].map(([one, times]) => `${times === 1 ? "1 cell" : `${times} cells`}: ${one}`),
    ...flags.map(({ row, column, kind, says }) => `  ${row}, ${titleOf(entry, column)}: ${kind}; ${says}`),
    ...entry.flags.map((remark) => `  ${remark}`),
    ...datasets.map(datasetLine),
  ];
  return lines.flatMap((line) => wrapLine(line)).join("\n");
}

/** "50 cells: 44 equal, 6 differ from print (5 truncation, 1 error)". */
export function outcomeLine(cells: readonly CountedCell[]): string {
  const many = (outcome: CountedCell["outcome"]) => cells.filter((cell) => cell.outcome === outcome).length;
  const kinds = new Map<string, number>();
  for (const { flag } of cells) if (flag) kinds.set(flag.kind, (kinds.get(flag.kind) ?? 0) + 1);
  const parts = [
    [many("equal"), "equal to print"],
    [many("differs"), `different from print (${[...kinds].map(([kind, times]) => `${times} ${kind}`).join(", ")})`],
    [many("no print"), "without a printed number"],
    [many("made up"), "counted on made-up sounds, so not held against print"],
    [many("not counted"), "not counted"],
  ] as const;
  const said = parts.filter(([times]) => times > 0).map(([times, words]) => `${times} ${words}`);
  return `${cells.length === 1 ? "1 cell" : `${cells.length} cells`}: ${said.join(", ")}.`;
}

/** Columns that fit into a line together, in as few blocks as it takes, and these about equally wide. */
function blocksOf({ columns, rows }: ExperimentEntry, cells: readonly CountedCell[]): ExperimentColumn[][] {
  const most = MOST_CHARACTERS - Math.max(...rows.map(({ name }) => name.length)) - "  printed".length;
  const widths = columns.map((column) => {
    const own = cells.filter((cell) => cell.column === column.key);
    return 2 + Math.max(column.title.length, ...own.flatMap((cell) => texts(cell, column).map((text) => text.length)));
  });
  const fewest = filled(widths, most).length;
  let room = most;
  while (room > Math.max(...widths) && filled(widths, room - 1).length === fewest) room--;
  return filled(widths, room).map((block) => block.map((index) => columns[index]!));
}

/** Places of the widths, in order, as many in each block as there is room for, and at least one. */
function filled(widths: readonly number[], room: number): number[][] {
  const blocks: number[][] = [];
  let left = 0;
  widths.forEach((width, index) => {
    if (blocks.length === 0 || width > left) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)!.push(index);
    left -= width;
  });
  return blocks;
}

function blockLines({ rows }: ExperimentEntry, columns: readonly ExperimentColumn[], cells: readonly CountedCell[]) {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const table = [["", ...columns.map(({ title }) => title)]];
  for (const { name } of rows) {
    const own = columns.map((column) => cells.find((cell) => cell.row === name && cell.column === column.key));
    if (own.every((cell) => !cell)) continue;
    const shown = own.map((cell, index) => (cell ? texts(cell, columns[index]!) : ["", "", ""]));
    table.push([`${name.padEnd(widest)}  printed`, ...shown.map(([printed]) => printed!)]);
    table.push([`${"".padEnd(widest)}  counted`, ...shown.map(([, count]) => count!)]);
    if (own.some((cell) => cell?.flag)) table.push([`${"".padEnd(widest)}  flag`, ...shown.map(([, , flag]) => flag!)]);
  }
  return alignColumns(table);
}

/** Printed number, count and flag of a cell; a dash where there is none. */
function texts({ printed, counted, flag }: CountedCell, { unit, decimals = 0 }: ExperimentColumn): string[] {
  const places = printed === null ? decimals : printedPlaces(printed, decimals);
  const finer = unit === "count" ? 0 : places + 2;
  return [
    printed === null ? "-" : printed.toFixed(places),
    counted === null ? "-" : counted.toFixed(finer),
    flag?.kind ?? "",
  ];
}

function titleOf({ columns }: ExperimentEntry, key: string): string {
  return columns.find((column) => column.key === key)?.title ?? key;
}

function datasetLine({ name, from, madeUp, recordings, annotationsDigest }: CountedDataset): string {
  const what = madeUp ? "made-up sounds" : `${recordings} recordings`;
  return `Counted from ${from === "annotations" ? "the annotations" : "committed results"} of ${name}: ${what}, digest ${annotationsDigest.slice(0, 12)}.`;
}
