import { mkdirSync } from "node:fs";
import path from "node:path";
import { readWeights } from "../nn/weights/modelWeights.js";
import { encodeSafetensors } from "../nn/weights/safetensors.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";
import type { TensorFlow } from "../tensorflow.js";

/** What a saved model needs to be used: what it was made for, and the input it takes. */
export interface ModelCard {
  task: string;
  labels: readonly string[];
  /** `[rows, frames, channels]` */
  inputShape: readonly number[];
  frontEnd: { name: string; options: unknown };
  epoch: number;
}

/** The files of a saved model, relative to its folder. */
export const modelFiles = ["model.json", "weights.safetensors", "card.json"] as const;

/**
 * Writes a trained model: `model.json` (the topology, in tfjs's layers format), `weights.safetensors` (float32, readable from
 * Python by name), `card.json` (labels, input shape, front end).
 */
export function saveModel(model: TensorFlow.LayersModel, folder: string, card: ModelCard): void {
  mkdirSync(folder, { recursive: true });
  writeFileAtomic(path.join(folder, "weights.safetensors"), encodeSafetensors(readWeights(model)));
  writeJsonAtomic(path.join(folder, "model.json"), {
    format: "layers-model",
    modelTopology: model.toJSON(null, false),
  });
  writeJsonAtomic(path.join(folder, "card.json"), card);
}
