import { availableParallelism } from "node:os";

/** What `onnxRuntime` of `src/inference/` takes: onnxruntime's native library is loaded here and nowhere else. */
export async function onnxRuntimeNode(threads = Math.min(2, availableParallelism())) {
  const ort = await import("onnxruntime-node");
  return {
    ort,
    options: { name: `onnxruntime-node, ${threads} ${threads === 1 ? "thread" : "threads"}`, threads, provider: "cpu" },
  };
}
