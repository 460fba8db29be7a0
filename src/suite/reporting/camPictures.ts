import path from "node:path";
import { type CamExample, type Cams, readCams } from "../../explain/camFiles.js";
import { mlrunsFolder } from "../../node/paths.js";
import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import { commandFor, noteOf, oneOfEachVariant, type Pictures } from "./pictureRuns.js";
import type { EntryPicture } from "./reportModel.js";
import type { RunSummary } from "./summaryLine.js";
import { variantLabel } from "./variants.js";

/** Single cycles of a figure of examples. */
const EXAMPLES = 2;

interface LookedRun {
  row: ExperimentRow;
  run: RunSummary;
  cams: Cams;
}

/** Of a figure of averages: what each row's network looked at, over the whole test set. */
export function meanCams(entry: ExperimentEntry, runs: readonly RunSummary[]): Pictures {
  const looked = lookedRuns(entry, runs);
  const pictures = looked.map(({ row, run, cams }): EntryPicture => {
    const { examples, ...rest } = cams;
    return { kind: "cam-mean", task: run.request.task, title: row.name, note: noteOf(run), cams: rest };
  });
  return { pictures, missingPictures: missing(entry, runs, looked) };
}

/**
 * Of a figure of examples: cycles that the first row's network got wrong, as each row's saw them; first those that the last row's got
 * right, in the order of their names.
 */
export function camExamples(entry: ExperimentEntry, runs: readonly RunSummary[]): Pictures {
  const looked = lookedRuns(entry, runs);
  const variants = [...new Set(looked.map(({ run }) => variantLabel(run)))];
  const pictures = variants.flatMap((variant) => {
    const own = looked.filter(({ run }) => variantLabel(run) === variant);
    return examplesOf(own.map(({ cams }) => cams)).flatMap((id) =>
      own.map(({ row, run, cams }): EntryPicture => {
        const { mean, examples, ...rest } = cams;
        const example = examples.find((one) => one.id === id)!;
        const title = `${row.name}, ${id}`;
        return { kind: "cam-example", task: run.request.task, title, note: noteOf(run), example, cams: rest };
      }),
    );
  });
  return { pictures, missingPictures: missing(entry, runs, looked) };
}

/** Ids of the cycles that are shown. */
function examplesOf([first, ...others]: readonly Cams[]): string[] {
  const wrong = (example: CamExample | undefined) => example !== undefined && example.label !== example.decided;
  const of = (cams: Cams, id: string) => cams.examples.find((one) => one.id === id);
  const last = others.at(-1);
  return first!.examples
    .filter((example) => wrong(example) && others.every((cams) => of(cams, example.id)))
    .map(({ id }) => ({ id, mended: last !== undefined && !wrong(of(last, id)) }))
    .sort((a, b) => Number(b.mended) - Number(a.mended) || (a.id < b.id ? -1 : 1))
    .slice(0, EXAMPLES)
    .map(({ id }) => id);
}

/** Runs whose folders on this machine hold what they looked at, row by row. */
function lookedRuns(entry: ExperimentEntry, runs: readonly RunSummary[]): LookedRun[] {
  return builtRows(entry).flatMap((row) =>
    runsOf(entry, row, runs).flatMap((run) => {
      const cams = readCams(path.join(mlrunsFolder(), "runs", run.runId));
      return cams ? [{ row, run, cams }] : [];
    }),
  );
}

function missing(entry: ExperimentEntry, runs: readonly RunSummary[], looked: readonly LookedRun[]) {
  return builtRows(entry)
    .filter((row) => !looked.some((one) => one.row === row))
    .map((row) => {
      const what =
        runsOf(entry, row, runs).length > 0
          ? `${row.name}: its runs left nothing of what they looked at on this machine; run it here:`
          : `${row.name}: no run yet.`;
      return { what, command: commandFor(entry, row, { fold: row.runs?.fold ?? entry.folds?.[0] }) };
    });
}

const builtRows = ({ rows }: ExperimentEntry) => rows.filter(({ state }) => state === "built");

function runsOf(entry: ExperimentEntry, row: ExperimentRow, runs: readonly RunSummary[]): RunSummary[] {
  const { task, fold } = row.runs ?? {};
  const fits = ({ request }: RunSummary) =>
    (task === undefined || request.task === task) && (fold === undefined || request.fold === fold);
  return oneOfEachVariant(entry, row, runs, fits);
}
