import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import "../nn/layers/everyLayer.js";
import { writeWeights } from "../nn/weights/modelWeights.js";
import { decodeSafetensors } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { type Preprocessing, preprocessingOf } from "./preprocessing.js";
import { modelFiles } from "./savedModel.js";
import type { TestPath } from "./testPath.js";
import { type TestTask, testPathOf } from "./testPaths.js";

/** A trained model, ready to be asked. */
export interface LoadedModel {
  preprocessing: Preprocessing;
  /** From a clip to the model's input, as the model was trained for. */
  path: TestPath;
  /**
   * @param samples [samples], an event or a recording as the model's task has it, full scale 1
   * @returns a probability for each label, [labels], for each map that the recipe makes of the clip
   * @throws RangeError as `TestPath.maps` does
   */
  classify(samples: Float32Array, sampleRateHz: number): Float32Array[];
  /** Gives the weights' memory back. */
  dispose(): void;
}

/**
 * Reads what `saveModel` wrote.
 * @throws UserError for a folder without a model and for one whose inputs this version would make otherwise
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const missing = modelFiles.filter((file) => !existsSync(path.join(folder, file)));
  if (missing.length > 0) throw new UserError(`${folder} holds no model: there is no ${missing.join(", no ")}`);
  const read = <T>(file: string) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as T;
  const preprocessing = read<Preprocessing>("preprocessing.json");
  const testPath = pathOf(preprocessing, folder);
  const { modelTopology } = read<{ modelTopology: object }>("model.json");
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology }));
  writeWeights(model, decodeSafetensors(readFileSync(path.join(folder, "weights.safetensors"))));
  return {
    preprocessing,
    path: testPath,
    classify: (samples, sampleRateHz) => {
      const maps = testPath.maps(samples, sampleRateHz);
      return tf.tidy(() => maps.map((map) => probabilities(model, map.data, preprocessing.inputShape)));
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function pathOf(given: Preprocessing, folder: string): TestPath {
  const testPath = testPathOf(given.recipe, given.task.slice(given.task.indexOf("/") + 1) as TestTask);
  if (preprocessingOf(testPath, given).digest === given.digest) return testPath;
  throw new UserError(
    `${folder}: the model was trained on inputs that this version of ${given.recipe} computes otherwise; train it again, or use the version of the code that its run names`,
  );
}

function probabilities(model: TensorFlow.LayersModel, map: Float32Array, shape: readonly number[]): Float32Array {
  const logits = model.predict(tf.tensor(map, [1, ...shape])) as TensorFlow.Tensor;
  return tf.softmax(logits).dataSync() as Float32Array;
}
