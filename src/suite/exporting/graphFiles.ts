import { writeFileSync } from "node:fs";
import path from "node:path";
import type { InferenceGraph } from "../../engine/inferenceGraph.js";
import type { Values } from "../../engine/nativeBackend.js";
import { encodeSafetensors, type NamedTensor } from "../../nn/weights/safetensors.js";

/** What `scripts/python/exportModel.py` reads, in one folder. */
export interface WorkFiles {
  graph: InferenceGraph;
  /** Each [rows, frames, channels], one after the other. */
  inputs: Float32Array;
  count: number;
}

/** Writes graph.json, weights.safetensors and inputs.safetensors into a folder that is there. */
export function writeWorkFiles(folder: string, { graph, inputs, count }: WorkFiles): void {
  const nodes = graph.nodes.map(({ value, ...node }) => ({
    ...node,
    ...(value && { value: { dtype: value.dtype, shape: value.shape, bytes: base64(value.values) } }),
  }));
  writeFileSync(
    path.join(folder, "graph.json"),
    JSON.stringify({ inputShape: graph.inputShape, outputs: graph.outputs, nodes, whole: graph.whole }),
  );
  writeFileSync(path.join(folder, "weights.safetensors"), encodeSafetensors(graph.weights));
  const shape = [count, ...graph.inputShape];
  const given = new Map([["inputs", { dtype: "F32", shape, values: inputs } as NamedTensor]]);
  writeFileSync(path.join(folder, "inputs.safetensors"), encodeSafetensors(given));
}

function base64(values: Values): string {
  if (Array.isArray(values)) throw new Error("an inference graph holds texts; only numbers can be exported");
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}
