import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { mlrunsFolder } from "../../node/paths.js";
import { revisionTags } from "../../suite/revision.js";
import { ownRecords } from "../../suite/runRecord.js";
import { ensureServer } from "../../tracking/localServer.js";
import { createRecorder } from "../../tracking/mlflowRecorder.js";
import { describeSync, type RunSync, syncRun } from "../../tracking/sync.js";
import { readNotebook } from "./notebook.js";
import { notebookHtml } from "./notebookHtml.js";
import { summaryOf } from "./notebookSummary.js";
import type { NotebookRun } from "./runNotebook.js";

/** The experiment of executed notebooks in the tracker. */
const EXPERIMENT = "notebooks";

/**
 * Records an executed notebook as a run of the experiment "notebooks": the notebook and its page as artefacts, its
 * parameters, duration and code revision, and in the tag `runs` the finished runs whose ids stand in its outputs. What cannot
 * be sent stays on disk and is sent by a later command. Settles with the run's folder and what was sent.
 */
export async function trackNotebook(run: NotebookRun, say: (message: string) => void): Promise<RunSync> {
  const name = path.basename(run.notebook, ".ipynb");
  const began = new Date(Date.now() - run.seconds * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "");
  const runFolder = path.join(mlrunsFolder(), "runs", EXPERIMENT, `${name}_${began}_${randomBytes(3).toString("hex")}`);
  mkdirSync(runFolder, { recursive: true });
  const notebook = readNotebook(run.out);
  const summary = summaryOf(run.notebook, notebook);
  copyFileSync(run.out, path.join(runFolder, `${name}.ipynb`));
  writeFileAtomic(path.join(runFolder, `${name}.html`), await notebookHtml(run.out));
  const outputs = JSON.stringify(notebook.cells.map((cell) => cell.outputs));
  const made = ownRecords(say).filter(({ runId }) => outputs.includes(runId));
  const recorder = createRecorder({
    runFolder,
    experimentName: EXPERIMENT,
    experimentTags: { "mlflow.experimentKind": "custom_model_development" },
    runName: name,
    tags: {
      ...revisionTags(),
      ...{ notebook: name, madeUpSounds: String(summary.madeUp) },
      ...(made.length > 0 && { runs: made.map(({ runId }) => runId).join(" ") }),
    },
  });
  recorder.parameters(run.parameters);
  recorder.metrics({ "time/totalSeconds": run.seconds }, 0);
  recorder.description(`${summary.title}: ${summary.question}`);
  recorder.artifact(`${name}.html`);
  recorder.artifact(`${name}.ipynb`);
  recorder.end(({ done: "FINISHED", failed: "FAILED", stopped: "KILLED" } as const)[run.state], run.error);
  await ensureServer({ mlrunsFolder: mlrunsFolder(), say }).catch((error: Error) => say(`tracking: ${error.message}`));
  const sent = await syncRun(runFolder);
  say(`${describeSync(sent)} as a run of the experiment "${EXPERIMENT}"`);
  return sent;
}
