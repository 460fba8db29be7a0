import { load } from "../../src/inference/load.js";
import type { InferenceModel } from "../../src/inference/model.js";
import { onnxRuntime, type Runtime } from "../../src/inference/runtime.js";
import { onnxRuntimeNode } from "../../src/node/onnxRuntimeNode.js";
import { type MadeModel, type MadeModelOptions, madeModel } from "./madeModel.js";

export async function nodeRuntime(): Promise<Runtime> {
  const { ort, options } = await onnxRuntimeNode(1);
  return onnxRuntime(ort, options);
}

export async function loadedModel(options: MadeModelOptions = {}): Promise<{ made: MadeModel; model: InferenceModel }> {
  const made = await madeModel(options);
  return { made, model: await load(made.folder, { runtime: await nodeRuntime() }) };
}
