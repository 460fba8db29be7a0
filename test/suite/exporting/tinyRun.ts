import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { preprocessingOf } from "../../../src/papers/preprocessing.js";
import { saveModel } from "../../../src/papers/savedModel.js";
import { testPathOf } from "../../../src/papers/testPaths.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { madeUpRecord } from "../madeUpRecord.js";

/** Of the recipe supcon-sprs for task 21. */
export const TINY_INPUT: readonly [number, number, number] = [64, 937, 1];
export const TINY_LABELS = ["Normal", "Poor Quality", "Adventitious"];

/**
 * A finished run of task 21 with this network, whose record is invented.
 *
 * @returns the folder for AUSCULT_MLRUNS; the run is called "tiny"
 */
export function tinyRun(network: TensorFlow.LayersModel): string {
  const mlruns = mkdtempSync(path.join(tmpdir(), "auscult-export-"));
  const folder = path.join(mlruns, "runs", "tiny");
  mkdirSync(folder, { recursive: true });
  drawWeights(network);
  const about = { inputShape: TINY_INPUT, task: "sprsound/21", labels: TINY_LABELS };
  saveModel(network, path.join(folder, "model"), preprocessingOf(testPathOf("supcon-sprs", "21"), about));
  const record = madeUpRecord({ runId: "tiny", request: { task: "21" }, reduced: "reduced budget: none" });
  writeFileSync(path.join(folder, "result.json"), JSON.stringify(record));
  markDone(folder, 1);
  return mlruns;
}

/** Weights that start as zeros or ones would hide mistakes; variances must be positive. */
export function drawWeights(network: TensorFlow.LayersModel): void {
  for (const [i, weight] of network.weights.entries()) {
    const variable = (weight as TensorFlow.LayerVariable).read() as TensorFlow.Variable;
    variable.assign(tf.tidy(() => tf.randomUniform(variable.shape, -0.3, 0.3, "float32", i + 1)));
    if (/Variance/i.test(weight.name)) variable.assign(tf.tidy(() => tf.add(tf.square(variable), 0.5)));
  }
}
