import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { EndedEarly, inChild } from "../suite/childProcess.js";
import { finishedRecord, type RunRecord } from "../suite/runRecord.js";
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";
import { RunsView } from "./runsView.js";
import type { TrainingReport, TrainingTask } from "./trainChild.js";
import { inWordsOfCells, planOf, type TrainingOptions } from "./trainingOptions.js";
import { untilInterrupted } from "./untilInterrupted.js";

/**
 * Carries out one run of an experiment as `auscult run` does, in a process of its own, into the same run folder and tracker; the cell
 * shows a bar, the time left and the curves. Interrupting the kernel stops it after the step under way and saves, and so does the end
 * of the kernel, however it comes; the cell run again goes on, and a run that is done is read back. A page that is closed stops nothing.
 * @param experiment such as "supcon-sprs/table3"
 * @param options must leave exactly one run
 * Throws `UserError` for what the experiment does not have, for data that is missing and for a run that another process has, and
 * `Interrupted` when stopped.
 */
export async function trainInCell(experiment: string, options: TrainingOptions): Promise<RunRecord> {
  const [record] = await train({ experiment, plan: planOf(options), single: true });
  return record!;
}

/**
 * Carries out all runs that the options name, one after the other, as `trainInCell` does one; one that fails does not stop the others.
 * @returns their records, in the order of rows, tasks, protocols and seeds
 * Throws as `trainInCell` does, and `UserError` at the end where runs failed; the others are kept.
 */
export async function trainAll(experiment: string, options: TrainingOptions = {}): Promise<RunRecord[]> {
  return train({ experiment, plan: planOf(options), single: false });
}

async function train(task: TrainingTask): Promise<RunRecord[]> {
  const view = new RunsView((run) => finishedRecord(run.folder));
  const output = temporaryFile();
  try {
    await untilInterrupted(({ signal, again }) => {
      signal.addEventListener("abort", () => view.stopping());
      return inChild<TrainingTask, TrainingReport>({
        script: path.join(projectRoot(), "src", "lab", "trainChild.ts"),
        task,
        ...(task.plan.threads !== undefined && { environment: { TF_NUM_INTRAOP_THREADS: String(task.plan.threads) } }),
        signal,
        kill: again,
        output,
        onReport: (report) => view.take(report),
      });
    });
  } catch (error) {
    view.end();
    throw inTheCell(error as Error, output);
  } finally {
    closeSync(output);
  }
  view.end();
  const { records, failed } = view;
  if (failed.length === 0) return records;
  const errors = failed.map(({ name, error }) => `${name}: ${inWordsOfCells(error!)}`).join("\n");
  if (task.single) throw new UserError(errors, 1);
  throw new UserError(
    `${failed.length} of ${records.length + failed.length} runs failed; the others are kept, and the cell run again tries these only:\n${errors}`,
    1,
  );
}

function inTheCell(error: Error, output: number): Error {
  if (error instanceof Interrupted)
    return new Interrupted("Stopped. What was done is saved; run the cell again to go on.");
  if (error instanceof UserError) return new UserError(inWordsOfCells(error.message), error.exitCode);
  if (!(error instanceof EndedEarly)) return error;
  const said = lastLines(output);
  return new UserError(
    `The process of the training ended early (${error.message}${error.message === "SIGKILL" ? ": somebody killed it, or the memory was used up" : ""}). Run the cell again to go on from the last checkpoint.${said && `\nIt said last:\n${said}`}`,
    1,
  );
}

/** Open, and gone from its folder: nothing of it is left behind, however this process ends. */
function temporaryFile(): number {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-cell-"));
  const file = openSync(path.join(folder, "output"), "w+");
  rmSync(folder, { recursive: true });
  return file;
}

function lastLines(file: number): string {
  const { size } = fstatSync(file);
  const buffer = Buffer.alloc(Math.min(size, 2000));
  readSync(file, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString("utf8").trim().split("\n").slice(-10).join("\n");
}
