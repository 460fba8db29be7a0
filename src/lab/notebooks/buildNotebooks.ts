import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { plotlyScript } from "../../suite/reporting/report.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { UserError } from "../../userError.js";
import { type GalleryEntry, renderGallery } from "./gallery.js";
import { findNotebook, notebookNames, readNotebook } from "./notebook.js";
import { notebookBodies } from "./notebookHtml.js";
import { renderNotebook } from "./notebookPage.js";
import { summaryOf } from "./notebookSummary.js";
import { type NotebookRun, runNotebook } from "./runNotebook.js";

/** What `buildNotebooks` may be told. */
export interface BuildOptions {
  /** Notebooks of the project, or paths of .ipynb files; all of the project's unless given. */
  names?: readonly string[];
  /** Where the pages go. */
  out: string;
  /** A folder of notebooks that were executed before: those found there by their name are taken as they are. */
  from?: string;
  signal?: AbortSignal;
  onProgress?: (report: ProgressReport) => void;
  say?: (message: string) => void;
}

/** What was made. */
export interface Build {
  index: string;
  files: string[];
  /** Those executed now. */
  runs: NotebookRun[];
}

const PLOTLY_FILE = "plotly-cartesian.min.js";

/**
 * Executes notebooks, or takes executed ones, and makes a page of each and an index: a folder that is read without Jupyter,
 * network or server. One that fails gets its page up to there. Stopping it ends with the pages of those that ran.
 * Throws `UserError` for unknown notebooks and a folder `from` that has none of them.
 */
export async function buildNotebooks(options: BuildOptions): Promise<Build> {
  const names = options.names?.length ? options.names : notebookNames();
  const sources = names.map(findNotebook);
  const out = path.resolve(options.out);
  if (sources.some((file) => path.dirname(file) === out))
    throw new UserError(`--out ${options.out} is the folder of the notebooks themselves; take another.`);
  mkdirSync(out, { recursive: true });
  const { executed, runs } = await executeAll(sources, out, options);
  const bodies = await notebookBodies(executed);
  const files: string[] = [];
  const write = (name: string, content: string) => {
    const file = path.join(out, name);
    writeFileAtomic(file, content);
    files.push(file);
  };
  const entries = executed.map((file, at): GalleryEntry => {
    const summary = summaryOf(file, readNotebook(file));
    const { name, picture } = summary;
    const pictureName = picture && `${name}.${picture.type === "image/png" ? "png" : "svg"}`;
    if (picture?.type === "image/png") {
      writeFileAtomic(path.join(out, pictureName!), Buffer.from(picture.content, "base64"));
      files.push(path.join(out, pictureName!));
    } else if (picture) write(pictureName!, picture.content);
    const page = `${name}.html`;
    write(
      page,
      renderNotebook({ summary, body: bodies[at]!, plotly: { address: PLOTLY_FILE }, gallery: "index.html" }),
    );
    return {
      summary,
      page: encodeURIComponent(page),
      ...(pictureName && { picture: encodeURIComponent(pictureName) }),
    };
  });
  write(PLOTLY_FILE, plotlyScript());
  write("index.html", renderGallery(entries));
  return { index: path.join(out, "index.html"), files: [...files, ...executed], runs };
}

/** The executed notebooks in `out`, in order. */
async function executeAll(
  sources: readonly string[],
  out: string,
  { from, signal, onProgress, say }: BuildOptions,
): Promise<{ executed: string[]; runs: NotebookRun[] }> {
  const executed: string[] = [];
  const runs: NotebookRun[] = [];
  if (from !== undefined && !sources.some((file) => existsSync(path.join(from, path.basename(file)))))
    throw new UserError(`--from ${from}: none of ${sources.map((file) => path.basename(file)).join(", ")} is there.`);
  for (const source of sources) {
    if (signal?.aborted) break;
    const target = path.join(out, path.basename(source));
    const before = from === undefined ? undefined : path.join(path.resolve(from), path.basename(source));
    if (before && existsSync(before)) {
      if (before !== target) copyFileSync(before, target);
    } else {
      const run = await runNotebook(source, target, { signal, onProgress });
      runs.push(run);
      say?.(
        `${path.basename(source)}: ${run.state} in ${run.seconds.toFixed(1)} s${run.error ? `: ${run.error}` : ""}`,
      );
    }
    if (existsSync(target)) executed.push(target);
  }
  return { executed, runs };
}
