import { readFileSync } from "node:fs";
import path from "node:path";
import { type SprSoundTask, sprSoundTask } from "../datasets/sprsound/tasks.js";
import { recordLabelFromWindows } from "../datasets/sprsound/windows.js";
import { foldedFunction } from "../nn/foldedFunction.js";
import "../nn/layers/everyLayer.js";
import { writeWeights } from "../nn/weights/modelWeights.js";
import { decodeSafetensors } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { readModelFolder } from "./modelFolder.js";
import type { Preprocessing } from "./preprocessing.js";
import type { TestPath } from "./testPath.js";

/** A trained model, ready to be asked. */
export interface LoadedModel {
  preprocessing: Preprocessing;
  /** Its layers, for a look inside. */
  network: TensorFlow.LayersModel;
  /** From a clip to the model's input, as the model was trained for. */
  path: TestPath;
  /**
   * @param samples [samples], an event or a recording as the model's task has it, full scale 1
   * @returns a probability for each label, [labels], for each map that the recipe makes of the clip
   * @throws RangeError as `TestPath.maps` does
   */
  classify(samples: Float32Array, sampleRateHz: number): Float32Array[];
  /**
   * What `classify` gives, for maps of many clips at once. They go through the network in batches of one size, filled up with
   * the last map, so that an answer does not depend on what else is asked (on processors with other vectors, its last bit may).
   * @param maps each [rows, frames, channels]
   */
  classifyMaps(maps: readonly Float32Array[]): Float32Array[];
  /**
   * The label of a clip from the answers for its maps: that of the largest mean probability, the first of equals; where the maps are a
   * recording's windows, the one that the labels of the windows give (`recordLabelFromWindows`).
   * @returns an index into the labels
   */
  labelOf(answers: readonly Float32Array[]): number;
  /** Gives the weights' memory back. */
  dispose(): void;
}

/**
 * Of a matrix product with vectors of 256 bits, six rows are computed alike; the seventh could differ in its last bit. Six maps take a
 * third to two thirds of the time of six batches of one.
 */
export const MAPS_AT_ONCE = 6;

/**
 * Reads what `saveModel` wrote.
 * @throws UserError for a folder without a model and for one whose inputs this version would make otherwise
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const { preprocessing, path: testPath } = await readModelFolder(folder);
  const { modelTopology } = JSON.parse(readFileSync(path.join(folder, "model.json"), "utf8")) as {
    modelTopology: object;
  };
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology }));
  writeWeights(model, decodeSafetensors(readFileSync(path.join(folder, "weights.safetensors"))));
  const shape = preprocessing.inputShape;
  const batchProbabilities = foldedFunction(model, "classification", (logits) => tf.softmax(logits));
  const windowTask = windowTaskOf(preprocessing);
  return {
    preprocessing,
    network: model,
    path: testPath,
    classify: (samples, sampleRateHz) =>
      testPath.maps(samples, sampleRateHz).map(({ data }) => probabilities(model, data, [1, ...shape])),
    classifyMaps: (maps) =>
      batches(maps, MAPS_AT_ONCE).flatMap((batch) => batchAnswers(batchProbabilities, batch, shape)),
    labelOf: windowTask ? (answers) => fromWindows(windowTask, answers) : largestMean,
    dispose: () => {
      batchProbabilities.dispose();
      model.dispose();
    },
  };
}

function batchAnswers(
  answer: (inputs: TensorFlow.Tensor) => TensorFlow.Tensor,
  maps: readonly Float32Array[],
  shape: readonly number[],
): Float32Array[] {
  const size = shape.reduce((a, b) => a * b);
  const values = new Float32Array(MAPS_AT_ONCE * size);
  for (let i = 0; i < MAPS_AT_ONCE; i++) values.set(maps[Math.min(i, maps.length - 1)]!, i * size);
  const answers = tf.tidy(() => answer(tf.tensor(values, [MAPS_AT_ONCE, ...shape])).dataSync() as Float32Array);
  const labels = answers.length / MAPS_AT_ONCE;
  return maps.map((_, i) => answers.slice(i * labels, (i + 1) * labels));
}

function probabilities(model: TensorFlow.LayersModel, values: Float32Array, shape: number[]): Float32Array {
  return tf.tidy(
    () => tf.softmax(model.predict(tf.tensor(values, shape)) as TensorFlow.Tensor).dataSync() as Float32Array,
  );
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The task of recordings whose windows a model classifies; undefined for other models. */
function windowTaskOf({ task }: Preprocessing): SprSoundTask | undefined {
  const [, id] = /^sprsound\/(\d+)-windows$/.exec(task) ?? [];
  return id === undefined ? undefined : sprSoundTask(id);
}

function fromWindows(task: SprSoundTask, answers: readonly Float32Array[]): number {
  return recordLabelFromWindows(
    task,
    answers.map((answer) => answer.indexOf(Math.max(...answer))),
  );
}

function largestMean(answers: readonly Float32Array[]): number {
  const sums = Array.from(answers[0]!, (_, label) => answers.reduce((sum, answer) => sum + answer[label]!, 0));
  return sums.indexOf(Math.max(...sums));
}
