import type { ExperimentColumn, ExperimentEntry } from "../entry.js";
import type { Flag } from "../flag.js";
import { shownPrinted, unitWords } from "../reporting/shownNumber.js";

/** A flagged cell's mark. */
const MARK = "!";

/** Characters that a heading may have in a line where its numbers are shorter. */
const HEADING = 9;

/** A column as text: its heading's lines, and its cells with a free place where there is no mark. */
interface TextColumn {
  heading: string[];
  cells: string[];
  width: number;
}

/** The printed numbers of an entry as lines of at most `width` columns, flagged ones marked; as many tables as it takes. */
export function printedTable(entry: ExperimentEntry, flags: readonly Flag[], width = 100): string[] {
  const names = entry.rows.map(({ name }) => name);
  const states = entry.rows.map(({ state }) => state);
  const blocks = inBlocks(
    entry.columns.map((column) => textColumn(entry, column, flags)),
    width - widest(names) - widest(states) - 2,
  );
  return blocks.flatMap((block, b) => {
    const depth = Math.max(...block.map(({ heading }) => heading.length));
    const headings = Array.from({ length: depth }, (_, line) =>
      lineOf("", block, ({ heading }) => heading[line - depth + heading.length] ?? "", ""),
    );
    const rows = names.flatMap((name, r) => {
      const isBare = b === 0 && Object.keys(entry.rows[r]!.printed).length === 0;
      // A row that has nothing in this table stands in another one.
      if (!isBare && block.every(({ cells }) => cells[r] === "")) return [];
      return [lineOf(name, block, ({ cells }) => cells[r]!, states[r]!)];
    });
    return [...(b === 0 ? [] : [""]), ...headings, ...rows];
  });

  function lineOf(name: string, block: readonly TextColumn[], text: (column: TextColumn) => string, state: string) {
    const cells = block.map((column) => text(column).padStart(column.width));
    return [name.padEnd(widest(names)), ...cells, state].join("  ").trimEnd();
  }
}

function textColumn({ rows }: ExperimentEntry, column: ExperimentColumn, flags: readonly Flag[]): TextColumn {
  const flagged = new Set(flags.filter((flag) => flag.column === column.key).map(({ row }) => row));
  const unit = unitWords(column.unit);
  const cells = rows.map(({ name, printed }) => {
    const value = printed[column.key];
    if (value === undefined) return "";
    return `${shownPrinted(value, column)}${flagged.has(name) ? MARK : " "}`;
  });
  const title = unit === "" || unit === "count" ? column.title : `${column.title} (${unit})`;
  const heading = broken(title, Math.max(HEADING, widest(cells))).map((line) => `${line} `);
  return { heading, cells, width: Math.max(widest(heading), widest(cells)) };
}

/** Words in lines of at most `width` characters, longer ones alone. */
function broken(title: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function inBlocks(columns: readonly TextColumn[], room: number): TextColumn[][] {
  const blocks: TextColumn[][] = [[]];
  let used = 0;
  for (const column of columns) {
    if (used + column.width + 2 > room && blocks.at(-1)!.length > 0) {
      blocks.push([]);
      used = 0;
    }
    blocks.at(-1)!.push(column);
    used += column.width + 2;
  }
  return blocks;
}

const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
