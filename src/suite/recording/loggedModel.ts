import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { modelFiles } from "../../papers/modelFolder.js";
import type { Preprocessing } from "../../papers/preprocessing.js";
import type { RunInput } from "../../papers/runInputs.js";
import type { RecordedModel } from "../../tracking/mlflowRecorder.js";
import { noteTags } from "../../tracking/noteTags.js";
import type { RunRecord } from "../runRecord.js";
import { runName } from "./runDescription.js";
import { modelMetrics } from "./summaryMetrics.js";

/**
 * The trained model of a run as a logged model: its files with an `MLmodel` beside them, what it was made with, and its numbers on
 * each test set. @param folder the run's, which has the saved model in `model/`
 */
export function loggedModel(folder: string, record: RunRecord, inputs: readonly RunInput[]): RecordedModel {
  const { request, data, result } = record;
  const place = path.join(folder, "model");
  writeFileAtomic(path.join(place, "MLmodel"), mlmodel(place, record));
  const files = ["MLmodel", ...modelFiles].map((name) => ({ file: path.join(place, name), path: name }));
  const { task, protocol, preset, profile, seed, experiment, row } = request;
  return {
    // The tracker refuses some characters in such names.
    name: runName(request, data.madeUp).replace(/[/:.%"']/g, " "),
    type: "tfjs-layers-model",
    params: {
      ...{ experiment, row, task, protocol, preset, profile, seed, engine: record.engine },
      ...{ epoch: result.chosenEpoch, chosenBy: result.chosenBy, parameters: result.parameters },
      precision: record.precision ?? "float32",
    },
    tags: {
      ...{ runId: record.runId, madeUpSounds: String(data.madeUp), codeRevision: record.codeRevision },
      ...noteTags(modelNote(place, record)),
    },
    files,
    step: result.chosenEpoch,
    metrics: Object.entries(modelMetrics(record)).map(([set, values]) => {
      const input = inputs.find((one) => one.set === set);
      const { name = "", digest = "" } = input ?? {};
      return { values, step: result.chosenEpoch, ...(input && { dataset: { name, digest } }) };
    }),
  };
}

/** What the model is and which of its files says what, for the tracker's page of it: Markdown. */
function modelNote(place: string, { request, data, result }: RunRecord): string {
  const { inputShape, labels } = preprocessingIn(place);
  return [
    `**Task ${request.task}**: ${labels.join(", ")}. Weights of epoch ${result.chosenEpoch} of ${result.epochs} (${result.chosenBy}).`,
    ...(data.madeUp ? ["", "**Trained on made-up sounds: it knows nothing of patients.**"] : []),
    "",
    "| file | what it is |",
    "| --- | --- |",
    "| preprocessing.json | how a recording becomes the model's input, and the labels |",
    `| model.json | its layers, in the format of TensorFlow.js; input ${inputShape.join(" x ")}, output logits |`,
    "| weights.safetensors | their weights |",
    "| MLmodel | by which MLflow knows it |",
  ].join("\n");
}

function preprocessingIn(place: string): Preprocessing {
  return JSON.parse(readFileSync(path.join(place, "preprocessing.json"), "utf8")) as Preprocessing;
}

/**
 * The file by which MLflow knows a model. Its flavour says what the model is: layers of TensorFlow.js and of this project, which no
 * flavour of MLflow's own can load. JSON, which YAML contains.
 */
function mlmodel(place: string, { engine, request, result }: RunRecord): string {
  const preprocessing = preprocessingIn(place);
  const { inputShape, labels } = preprocessing;
  const tensor = (shape: readonly number[]) =>
    JSON.stringify([{ type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, ...shape] } }]);
  const model = {
    artifact_path: "model",
    flavors: {
      "auscult-tfjs-layers": {
        ...{ topology: "model.json", weights: "weights.safetensors", preprocessing: "preprocessing.json", engine },
        output: "logits, one per label",
      },
    },
    metadata: { task: preprocessing.task, labels, epoch: result.chosenEpoch, experiment: request.experiment },
    model_size_bytes: modelFiles.reduce((sum, name) => sum + statSync(path.join(place, name)).size, 0),
    signature: { inputs: tensor(inputShape), outputs: tensor([labels.length]), params: null },
    utc_time_created: new Date().toISOString().replace("T", " ").replace("Z", ""),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}
