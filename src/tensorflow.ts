/**
 * The one place where TensorFlow.js is imported. When the native addon is missing, tfjs's own message sends people to a
 * package that is not used here; this one says what to do.
 */
import { createRequire } from "node:module";
import os from "node:os";
import type * as TensorFlow from "@tensorflow/tfjs-node-gpu";
import { gpuModels, linkedBuild } from "./node/engineBuild.js";
import { quietly } from "./node/quietly.js";
import { UserError } from "./userError.js";

// Before the library loads: it reads these once. Threads are pinned because their number changes the order of sums. One operation
// runs at a time, on all of them: two at once would be up to a tenth faster, and hold a tenth more memory. oneDNN's kernels are
// TensorFlow's default on newer processors only, and faster on all of them.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
process.env.TF_NUM_INTRAOP_THREADS ??= String(os.availableParallelism());
process.env.TF_NUM_INTEROP_THREADS ??= "1";
process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
// For the GPU build. tfjs-node puts tensors on the last GPU while TensorFlow computes on the first: each process sees one. Memory is
// taken as it is needed, since several runs may share a GPU.
process.env.CUDA_VISIBLE_DEVICES ??= "0";
process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";

function load(): typeof TensorFlow {
  const require = createRequire(`${root()}/package.json`);
  try {
    // Its library announces on every start which kernels it has, and its log level does not silence that.
    return quietly(() => require("@tensorflow/tfjs-node-gpu") as typeof TensorFlow);
  } catch (error) {
    throw new UserError(
      `The native TensorFlow engine could not be loaded (${(error as Error).message.split("\n")[0]}). Run \`npm run setup\` in the project's folder, then try again.`,
      1,
    );
  }
}

function root(): string {
  return process.env.AUSCULT_ROOT ?? process.cwd();
}

export const tf = load();
export type { TensorFlow };

/** The number of threads that one TensorFlow operation may use; recorded in every run, since it changes rounding. */
export const engineThreads = Number(process.env.TF_NUM_INTRAOP_THREADS);

/** The build that was loaded; `cpu` where its folder does not say. */
export const engineBuild = linkedBuild(root()) ?? { kind: "cpu", version: "of unknown version", cuda: false };

/** What computes: "cpu", or "gpu" with the driver's name of it; a GPU only where TensorFlow's own list of devices has one. */
export function engineDevice(): string {
  if (!(tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice) return "cpu";
  const models = gpuModels();
  return models.length > 0 ? `gpu (${models.join(" or ")})` : "gpu";
}

/** Names and versions of what computes, for a run's record. */
export function engineName(): string {
  const { kind, version } = engineBuild;
  const tensorflow = `TensorFlow ${version}${kind === "gpu" ? ` (GPU build, on ${engineDevice()})` : ""}`;
  const kernels = process.env.TF_ENABLE_ONEDNN_OPTS === "0" ? "without oneDNN" : "oneDNN";
  return `tfjs-node ${tf.version_core}, ${tensorflow}, ${kernels}, ${tf.getBackend()}`;
}
