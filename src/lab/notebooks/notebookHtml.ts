import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../node/paths.js";
import { plotlyScript } from "../../suite/reporting/report.js";
import { UserError } from "../../userError.js";
import { pythonProgram } from "../jupyter.js";
import { readNotebook } from "./notebook.js";
import { renderNotebook } from "./notebookPage.js";
import { summaryOf } from "./notebookSummary.js";

/**
 * The cells of executed notebooks as HTML without a page around it, in the order of the files; nbconvert does it.
 * Throws `UserError` for a file that cannot be converted, and when the set-up is missing.
 */
export async function notebookBodies(files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  const script = path.join(projectRoot(), "scripts", "python", "notebookHtml.py");
  const { stdout } = await promisify(execFile)(pythonProgram("python"), [script, ...files], { maxBuffer: 2 ** 30 });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { file, body, error } = JSON.parse(line) as { file: string; body?: string; error?: string };
      if (body === undefined) throw new UserError(`${file} cannot be made into HTML: ${error}`, 1);
      return body;
    });
}

/** An executed notebook as one HTML file that holds everything it needs. */
export async function notebookHtml(file: string): Promise<string> {
  const [body] = await notebookBodies([file]);
  return renderNotebook({
    summary: summaryOf(file, readNotebook(file)),
    body: body!,
    plotly: { text: plotlyScript() },
  });
}
