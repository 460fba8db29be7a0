import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../node/paths.js";
import { codeRevision } from "../../suite/revision.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { jupyterEnvironment, pythonProgram } from "../jupyter.js";
import { CellTimes } from "./cellTimes.js";
import { type Cell, cellText, findNotebook, type Notebook, notebookText, readNotebook } from "./notebook.js";
import { parameterTexts, withParameters } from "./parameters.js";

/** How an executed notebook ended. */
export interface NotebookRun {
  notebook: string;
  /** The executed notebook, written however it ended. */
  out: string;
  state: "done" | "failed" | "stopped";
  seconds: number;
  codeCells: number;
  /** All parameters as they were, in TypeScript's notation. */
  parameters: Record<string, string>;
  /** What the failed cell said, or the kernel's process. */
  error?: string;
  /** The cell that failed: its number among the code cells, its id and text. */
  failed?: { cell: number; id: string; source: string };
}

/** What `runNotebook` may be told. */
export interface NotebookRunOptions {
  /** Such as "epochs=3", see `withParameters`. */
  parameters?: readonly string[];
  cellTimeoutSeconds?: number;
  onProgress?: (report: ProgressReport) => void;
  environment?: NodeJS.ProcessEnv;
  /** Stops it: the kernel is interrupted, and what there is gets written. */
  signal?: AbortSignal;
}

/** A line of scripts/python/runNotebook.py, which says what they are. */
interface Line {
  starts?: string;
  cell?: number;
  ended?: string;
  says?: string;
  error?: string;
  id?: string;
}

/** The exit code of the script when it was stopped. */
const STOPPED = 130;

/**
 * Executes a notebook from a fresh kernel and writes it with its outputs to `out`. A failed cell ends it and is told in
 * the result. Throws `UserError` for an unknown notebook or parameter and a missing set-up.
 * @param name of a notebook of this project, or the path of an .ipynb file
 */
export async function runNotebook(name: string, out: string, options: NotebookRunOptions = {}): Promise<NotebookRun> {
  const file = findNotebook(name);
  const original = withIds(readNotebook(file));
  const given = options.parameters ?? [];
  const notebook = withParameters(original, given);
  const parameters = parameterTexts(original, given);
  const python = pythonProgram("python");
  const target = path.resolve(out);
  mkdirSync(path.dirname(target), { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-notebook-"));
  const started = performance.now();
  try {
    const source = path.join(folder, path.basename(file));
    writeFileSync(source, notebookText(notebook));
    const script = path.join(projectRoot(), "scripts", "python", "runNotebook.py");
    const limit = String(options.cellTimeoutSeconds ?? 24 * 3600);
    const note = { parameters, codeRevision: codeRevision(), startedAt: new Date().toISOString() };
    const child = spawn(python, [script, source, target, path.dirname(file), limit, JSON.stringify(note)], {
      env: jupyterEnvironment(options.environment),
      stdio: "pipe",
      // A group of its own: Ctrl-C is for this process, which then stops the child.
      detached: true,
    });
    const end = await follow(child, file, codeCellsOf(notebook), options);
    const seconds = (performance.now() - started) / 1000;
    return { notebook: file, out: target, seconds, codeCells: codeCellsOf(notebook).length, parameters, ...end };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tells the progress of the script, hands the signal on, and settles with how it ended. */
async function follow(
  child: ChildProcess,
  file: string,
  cells: readonly Cell[],
  { signal, onProgress }: NotebookRunOptions,
): Promise<Pick<NotebookRun, "state" | "error" | "failed">> {
  const times = new CellTimes(
    file,
    cells.map(({ id }) => id ?? ""),
  );
  const complaints: string[] = [];
  child.stderr!.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  let at = "starting the kernel";
  let last: Line = {};
  const report = (says = "") =>
    onProgress?.({ phase: path.basename(file, ".ipynb"), ...times.estimate(), detail: says ? `${at}: ${says}` : at });
  createInterface({ input: child.stdout! }).on("line", (text) => {
    last = JSON.parse(text) as Line;
    if (last.starts !== undefined) {
      times.starts(last.starts);
      at = `cell ${last.cell} of ${cells.length} (${last.starts})`;
    }
    if (last.ended !== undefined) times.ended(last.ended);
    report(last.says);
  });
  report();
  // The end of its input stops it, also when this process dies.
  const stop = () => child.stdin!.end();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  }).finally(() => signal?.removeEventListener("abort", stop));
  times.keep();
  if (code === STOPPED) return { state: "stopped" };
  if (code === 0) return { state: "done" };
  const error = last.error ?? (complaints.join("").trim() || `the notebook's process ended with code ${code}`);
  const cell = cells.find(({ id }) => id === last.id);
  if (!cell || last.cell === undefined) return { state: "failed", error };
  return { state: "failed", error, failed: { cell: last.cell, id: last.id!, source: cellText(cell) } };
}

/** Format 4.4 and before knew no ids of cells. */
function withIds(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell, at) => ({ ...cell, id: cell.id ?? `cell-${at}` }));
  return { ...notebook, cells, nbformat_minor: Math.max(notebook.nbformat_minor, 5) };
}

/** The cells that are executed. */
function codeCellsOf({ cells }: Notebook): Cell[] {
  return cells.filter((cell) => cell.cell_type === "code" && cellText(cell).trim() !== "");
}
