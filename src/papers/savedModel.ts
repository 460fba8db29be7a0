import { mkdirSync } from "node:fs";
import path from "node:path";
import { readWeights } from "../nn/weights/modelWeights.js";
import { encodeSafetensors } from "../nn/weights/safetensors.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";
import type { TensorFlow } from "../tensorflow.js";
import type { Preprocessing } from "./preprocessing.js";

/**
 * Writes a trained model: `model.json` (the topology, in tfjs's layers format), `weights.safetensors` (float32, readable from
 * Python by name), `preprocessing.json` (what turns a clip into its input, labels).
 */
export function saveModel(model: TensorFlow.LayersModel, folder: string, preprocessing: Preprocessing): void {
  mkdirSync(folder, { recursive: true });
  writeFileAtomic(path.join(folder, "weights.safetensors"), encodeSafetensors(readWeights(model)));
  writeJsonAtomic(path.join(folder, "model.json"), {
    format: "layers-model",
    modelTopology: model.toJSON(null, false),
  });
  writeJsonAtomic(path.join(folder, "preprocessing.json"), preprocessing);
}
