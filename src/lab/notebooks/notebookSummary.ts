import path from "node:path";
import { type Cell, cellText, type Notebook, type Output } from "./notebook.js";

/** What a reader wants to know of a notebook before opening it. */
export interface NotebookSummary {
  /** The file's name without ".ipynb". */
  name: string;
  title: string;
  /** The first paragraph under the title, Markdown's marks taken off. */
  question: string;
  /** The first picture of the cell tagged `picture`, else of all; of those that need no script. */
  picture?: { type: "image/svg+xml" | "image/png"; content: string };
  /** Whether any output says that its sounds were made up. */
  madeUp: boolean;
  /** How it was executed; left out where it was not, or not by `notebook run`. */
  run?: RunNote;
}

/** What `notebook run` writes into an executed notebook. */
export interface RunNote {
  /** In TypeScript's notation, by name. */
  parameters: Record<string, string>;
  codeRevision: string;
  /** ISO 8601. */
  startedAt: string;
  state: "done" | "failed" | "stopped";
  seconds: number;
  /** The number of the code cell at which it ended, where it did not run through. */
  cell?: number;
}

/** The summary of a notebook, executed or not. */
export function summaryOf(file: string, notebook: Notebook): NotebookSummary {
  const name = path.basename(file, ".ipynb");
  const words = cellText(notebook.cells.find((cell) => cell.cell_type === "markdown") ?? emptyCell);
  const [, title = name, rest = words] = /^#\s+(.+)\n?([\s\S]*)$/.exec(words.trim()) ?? [];
  const question = rest
    .trim()
    .split(/\n\s*\n/)[0]!
    .replace(/\s+/g, " ");
  const chosen = notebook.cells.filter(({ metadata }) => metadata.tags?.includes("picture"));
  const outputsOf = (cells: readonly Cell[]) => cells.flatMap((cell) => cell.outputs ?? []);
  const outputs = outputsOf(notebook.cells);
  const run = notebook.metadata.auscult as RunNote | undefined;
  const picture = firstPicture([...outputsOf(chosen), ...outputs]);
  return {
    ...{ name, title: withoutMarks(title), question: withoutMarks(question) },
    ...(picture && { picture }),
    madeUp: /made-up sounds/i.test(JSON.stringify(outputs)),
    ...(run && { run }),
  };
}

const emptyCell = { cell_type: "markdown" as const, source: "", metadata: {} };

function withoutMarks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}/g, "$1");
}

function firstPicture(outputs: readonly Output[]): NotebookSummary["picture"] {
  for (const { data } of outputs)
    for (const type of ["image/svg+xml", "image/png"] as const) {
      const content = data?.[type];
      if (content !== undefined) return { type, content: [content].flat().join("") };
    }
  return undefined;
}
