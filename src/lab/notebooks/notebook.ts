import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import { nearest } from "../../suite/nearest.js";
import { UserError } from "../../userError.js";

/** One cell of a notebook file (nbformat 4). */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  source: string | string[];
  metadata: { tags?: string[]; [key: string]: unknown };
  execution_count?: number | null;
  outputs?: Output[];
}

/** One output of a code cell. */
export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  data?: Record<string, unknown>;
  [key: string]: unknown;
}

/** A notebook file (nbformat 4). */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** The folder of the project's notebooks. */
export function notebookFolder(): string {
  return path.join(projectRoot(), "notebooks");
}

/** The names of the project's notebooks, without ".ipynb", sorted. */
export function notebookNames(): string[] {
  return readdirSync(notebookFolder())
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => name.slice(0, -".ipynb".length))
    .sort();
}

/** The file of a notebook that was named, or given as a path. Throws `UserError` with the names there are. */
export function findNotebook(name: string): string {
  if (name.endsWith(".ipynb")) return path.resolve(name);
  const names = notebookNames();
  if (names.includes(name)) return path.join(notebookFolder(), `${name}.ipynb`);
  throw new UserError(
    `There is no notebook "${name}"${nearest(name, names)}. There are: ${names.join(", ")}; or give the path of an .ipynb file.`,
  );
}

/** Reads a notebook file. Throws `UserError` when it cannot be read or is not a notebook of format 4. */
export function readNotebook(file: string): Notebook {
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
  } catch (error) {
    throw new UserError(`${file} cannot be read as a notebook: ${(error as Error).message}`);
  }
  if (notebook?.nbformat === 4 && Array.isArray(notebook.cells)) return notebook;
  throw new UserError(`${file} is not a notebook of format 4 (field nbformat is ${notebook?.nbformat}).`);
}

/** A notebook as Jupyter writes it: indented by one space, with a final newline. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** A cell's text. */
export function cellText(cell: Cell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** A copy without outputs, execution counts and what a front end left in the cells' metadata; tags stay. */
export function stripNotebook(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell): Cell => {
    const { tags } = cell.metadata;
    const metadata = tags && tags.length > 0 ? { tags } : {};
    return cell.cell_type === "code"
      ? { ...cell, metadata, execution_count: null, outputs: [] }
      : { ...cell, metadata };
  });
  const { kernelspec, language_info } = notebook.metadata;
  return { ...notebook, cells, metadata: { kernelspec, language_info } };
}
