import path from "node:path";
import { readWindowTimeline } from "../../evaluation/windowsFile.js";
import { readProjections } from "../../explain/embeddingFiles.js";
import { mlrunsFolder } from "../../node/paths.js";
import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import { camExamples, meanCams } from "./camPictures.js";
import { cellMeasure } from "./cellSource.js";
import { commandFor, noteOf, oneOfEachVariant, type Pictures } from "./pictureRuns.js";
import type { EntryPicture, ReportModel } from "./reportModel.js";
import { lossesOfRows, matricesOfRows, sweepOfRows } from "./rowPictures.js";
import type { RunSummary } from "./summaryLine.js";

/** The pictures that an entry consists of, from runs of this machine and print; nothing for an entry of numbers alone. */
export function picturesOf(
  entry: ExperimentEntry,
  runs: readonly RunSummary[],
  model: Pick<ReportModel, "cells"> = { cells: [] },
): Pictures {
  if (entry.picture === "embeddings") {
    return leftByRuns(entry, runs, "embeddings", (folder) => {
      const projections = readProjections(folder, "select");
      return projections && { kind: "embeddings", projections };
    });
  }
  if (entry.picture === "windows") {
    return leftByRuns(entry, runs, "labels of windows", (folder) => {
      const timeline = readWindowTimeline(folder);
      return timeline && { kind: "windows", timeline };
    });
  }
  if (entry.picture === "cam-mean") return meanCams(entry, runs);
  if (entry.picture === "cam-examples") return camExamples(entry, runs);
  if (entry.picture === "losses") return lossesOfRows(entry, runs);
  if (entry.picture === "sweep") return sweepOfRows(entry, model);
  if (entry.picture !== "confusion") return {};
  return entry.columns.length > 0 ? confusions(entry, runs) : matricesOfRows(entry, runs);
}

type Left =
  | Pick<Extract<EntryPicture, { kind: "embeddings" }>, "kind" | "projections">
  | Pick<Extract<EntryPicture, { kind: "windows" }>, "kind" | "timeline">;

/** Drawn from what stays in the folders of runs, since it is computed from recordings: committed results have none of it. */
function leftByRuns(
  entry: ExperimentEntry,
  runs: readonly RunSummary[],
  what: string,
  leftIn: (runFolder: string) => Left | undefined,
): Pictures {
  const pictures: EntryPicture[] = [];
  const missingPictures: { what: string; command: string }[] = [];
  for (const row of entry.rows.filter(({ state }) => state === "built")) {
    for (const task of entry.tasks) {
      const own = ofTask(entry, row, task, runs);
      const found = own.flatMap((run) => {
        const left = leftIn(path.join(mlrunsFolder(), "runs", run.runId));
        const title = `${taskTitle(task)}: ${row.name}`;
        return left ? [{ task, title, note: noteOf(run), ...left }] : [];
      });
      pictures.push(...found);
      if (found.length > 0) continue;
      const says =
        own.length > 0
          ? `${taskTitle(task)}: its runs left no ${what} on this machine; with the folders of the runs it is drawn, or run it here:`
          : `${taskTitle(task)}: no run yet.`;
      missingPictures.push({ what: says, command: commandFor(entry, row, { task }) });
    }
  }
  return { pictures, missingPictures };
}

/** Each task's matrix of our runs, and print's beside it. */
function confusions(entry: ExperimentEntry, runs: readonly RunSummary[]): Pictures {
  const pictures: EntryPicture[] = [];
  const missingPictures: { what: string; command: string }[] = [];
  for (const task of entry.tasks) {
    const rows = entry.rows.filter((row) => row.runs?.task === task);
    const [first] = rows;
    if (!first) continue;
    const labels = rows.map((row) => row.measure?.class ?? row.name);
    const set = cellMeasure(first, entry.columns[0]!).set ?? "inter";
    const own = ofTask(entry, first, task, runs).flatMap((run) => {
      const matrix = run.result.tests[set]?.confusion;
      return matrix ? [{ run, matrix }] : [];
    });
    for (const { run, matrix } of own) {
      pictures.push({ kind: "confusion", task, title: `${taskTitle(task)}, ours, ${set}`, note: noteOf(run), matrix });
    }
    if (own.length === 0 && first.state === "built") {
      missingPictures.push({ what: `${taskTitle(task)}: no run yet.`, command: commandFor(entry, first, { task }) });
    }
    const shares = rows.map((row) => labels.map((label) => row.printed[label] ?? 0));
    const note = "shares of the true class alone are printed";
    pictures.push({
      kind: "confusion",
      task,
      title: `${taskTitle(task)}, printed, ${set}`,
      note,
      matrix: { labels, shares },
    });
  }
  return { pictures, missingPictures };
}

function ofTask(entry: ExperimentEntry, row: ExperimentRow, task: string, runs: readonly RunSummary[]): RunSummary[] {
  return oneOfEachVariant(entry, row, runs, ({ request }) => request.task === task);
}

/** "11" as papers write it: "Task 1-1". */
function taskTitle(task: string): string {
  return `Task ${/^\d\d$/.test(task) ? `${task[0]}-${task[1]}` : task}`;
}
