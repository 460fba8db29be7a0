import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../node/paths.js";
import { jupyterEnvironment, pythonProgram } from "./jupyter.js";
import { findNotebook, notebookText, readNotebook } from "./notebook.js";
import { withParameters } from "./parameters.js";

/** How an executed notebook ended. */
export interface NotebookRun {
  notebook: string;
  /** The executed notebook, written also when a cell failed. */
  out: string;
  seconds: number;
  codeCells: number;
  /** What the failed cell said; left out when all went well. */
  error?: string;
}

/** What `runNotebook` may be told. */
export interface NotebookRunOptions {
  /** Such as "epochs=3", see `withParameters`. */
  parameters?: readonly string[];
  cellTimeoutSeconds?: number;
  /** Called after each code cell with how many are done. */
  progress?: (done: number, of: number) => void;
  environment?: NodeJS.ProcessEnv;
}

/**
 * Executes a notebook from a fresh kernel and writes it with its outputs to `out`. A failed cell ends it and is told in
 * the result. Throws `UserError` for an unknown notebook or parameter and a missing set-up.
 * @param name of a notebook of this project, or the path of an .ipynb file
 */
export async function runNotebook(name: string, out: string, options: NotebookRunOptions = {}): Promise<NotebookRun> {
  const file = findNotebook(name);
  const notebook = withParameters(readNotebook(file), options.parameters ?? []);
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
    const child = spawn(python, [script, source, target, path.dirname(file), limit], {
      env: jupyterEnvironment(options.environment),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const complaints: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
    let done = 0;
    let error: string | undefined;
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as { of?: number; error?: string };
      if (line.error !== undefined) error = line.error;
      if (line.of !== undefined) options.progress?.(++done, line.of);
    });
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    });
    if (code !== 0) error ??= complaints.join("").trim() || `the notebook's process ended with code ${code}`;
    const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code").length;
    const seconds = (performance.now() - started) / 1000;
    return { notebook: file, out: target, seconds, codeCells, ...(error === undefined ? {} : { error }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
