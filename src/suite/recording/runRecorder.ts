import type { RunInput } from "../../papers/runInputs.js";
import { engineName } from "../../tensorflow.js";
import { createRecorder, type MlflowRecorder } from "../../tracking/mlflowRecorder.js";
import { noteTags } from "../../tracking/noteTags.js";
import { caveatsOf } from "../caveats.js";
import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import type { RunRecord } from "../runRecord.js";
import { ownSummaries } from "../summaries.js";
import { experimentNote, rowNote } from "./groupNotes.js";
import { loggedModel } from "./loggedModel.js";
import { writeRunArtifacts } from "./runArtifacts.js";
import { runDescription, runName } from "./runDescription.js";
import { groupTags, runTags } from "./runTags.js";
import { scoresView } from "./scoresView.js";
import { endMetrics } from "./summaryMetrics.js";

/** Opens the record of a run: its names, tags, settings and data, its row above it and its experiment above that. */
export function openRecorder(entry: ExperimentEntry, run: PlannedRun): MlflowRecorder {
  const { request, prepared } = run;
  const { experiment, row, seed } = request;
  const recorder = createRecorder({
    runFolder: run.folder,
    experimentName: experiment,
    experimentTags: {
      ...noteTags(experimentNote(entry)),
      // MLflow's page then opens as one for training, not for language models, and shows this metric first.
      "mlflow.experimentKind": "custom_model_development",
      "mlflow.experiment.primaryMetric.name": "summary/score",
      "mlflow.experiment.primaryMetric.greaterIsBetter": "True",
      ...scoresView(),
    },
    runName: runName(request, prepared.data.madeUp),
    tags: runTags(entry, run),
    // Read where the parent is made only: what others have written there since stays.
    parent: { key: row, name: row, tags: { ...groupTags(entry, row), ...rowTags(entry, row) } },
  });
  recorder.parameters({
    ...flat(prepared.settings),
    ...{ seed, threads: run.threads, precision: run.precision, engine: engineName() },
  });
  recorder.watchSystem();
  for (const input of prepared.inputs) recorder.dataset(datasetOf(input, run));
  recorder.description(runDescription(entry, request, prepared, undefined));
  return recorder;
}

/** The final numbers, pictures, tables and the model. */
export function recordResult(
  entry: ExperimentEntry,
  run: PlannedRun,
  record: RunRecord,
  recorder: MlflowRecorder,
): void {
  const { result } = record;
  const { search } = result;
  recorder.metrics(
    search ? { "summary/score": search.trials[search.best!]!.value! } : endMetrics(result),
    result.chosenEpoch,
  );
  recorder.metrics({ "time/totalSeconds": result.seconds }, result.epochs);
  for (const { file, folder } of writeRunArtifacts(run.folder, record)) recorder.artifact(file, folder);
  recorder.tags({
    testOpenings: String(result.testOpenings.length),
    ...(result.changes && { changedOnTheWay: result.changes.join("; ") }),
  });
  recorder.description(runDescription(entry, run.request, run.prepared, result));
  if (!search) recorder.model(loggedModel(run.folder, record, run.prepared.inputs));
  recorder.parentTags(rowTags(entry, run.request.row, record));
}

/** How far the row came, with what this machine has finished. A damaged record is told where results are read for people. */
function rowTags(entry: ExperimentEntry, row: string, record?: RunRecord): Record<string, string> {
  const others = ownSummaries(() => {}).filter(({ runId }) => runId !== record?.runId);
  return noteTags(rowNote(entry, row, record ? [...others, record] : others));
}

function datasetOf({ name, role, digest, examples, patients, classes }: RunInput, { prepared }: PlannedRun) {
  const { data, split } = prepared;
  const caveats = caveatsOf(split).map(({ says }) => says);
  return {
    ...{ name, role, digest, source: data.source },
    // MLflow's page shows the entries one by one.
    profile: {
      examples,
      ...(patients !== undefined && { patients }),
      ...classes,
      ...{ data_digest: data.digest, split_digest: split.digest },
      ...(caveats.length > 0 && { caveats: caveats.join(" ") }),
    },
  };
}

function flat(settings: object): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value]),
  );
}
