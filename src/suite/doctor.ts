import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadIcbhi } from "../datasets/icbhi/load.js";
import { loadSprSound } from "../datasets/sprsound/load.js";
import { cacheFolder, mlrunsFolder } from "../node/paths.js";
import { findMlflow, pythonEnvironment } from "../tracking/mlflowExecutable.js";
import { isHealthy, readServerFile } from "../tracking/serverFile.js";

export interface Examination {
  /** `device` is "cpu", or "gpu" with its name; `remark` is what must be known of a build, and what would be better. */
  engine: {
    name: string;
    version: string;
    device: string;
    threads: number;
    build: "cpu" | "gpu";
    remark: string | null;
  } | null;
  data: { icbhi: string | null; sprsound: string | null };
  tracking: { server: string | null; running: boolean };
  jupyter: string | null;
  chromium: string | null;
  node: string;
  cache: string;
  /** What is missing, and what to do about it. */
  problems: { what: string; mend: string }[];
  /** False where the main job could not run. */
  canRun: boolean;
  /** The same in words, a line each. */
  summary: Record<string, string>;
}

/** Looks at everything that the project uses. Nothing is changed, and nothing is started. */
export async function examine(dataDir: string): Promise<Examination> {
  const problems: Examination["problems"] = [];
  const engine = await lookAtEngine(problems);
  const sprsound = lookAt("sprsound", loadSprSound, dataDir, problems);
  const icbhi = lookAt("icbhi", loadIcbhi, dataDir, problems);
  const mlflow = findMlflow();
  if (!mlflow) problems.push({ what: "MLflow", mend: "run `npm run setup`; runs are kept and sent when it is there" });
  const uri = process.env.MLFLOW_TRACKING_URI ?? readServerFile(mlrunsFolder())?.uri ?? null;
  const running = uri !== null && (await isHealthy(uri));
  const jupyter = path.join(pythonEnvironment(), "bin", "jupyter-lab");
  const hasJupyter = existsSync(jupyter);
  if (!hasJupyter) problems.push({ what: "JupyterLab", mend: "run `npm run setup`" });
  const chromium =
    ["chromium", "chromium-browser", "google-chrome"].find((name) => spawnSync(name, ["--version"]).status === 0) ??
    null;
  const { length } = os.cpus();
  return {
    engine,
    data: { icbhi, sprsound },
    tracking: { server: uri, running },
    jupyter: hasJupyter ? jupyter : null,
    chromium,
    node: process.versions.node,
    cache: cacheFolder(),
    problems,
    canRun: engine !== null,
    summary: {
      node: process.versions.node,
      machine: `${length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
      engine: engine
        ? `${engine.name} (tfjs ${engine.version}), on ${engine.device}, ${engine.threads} threads${engine.remark ? `; ${engine.remark}` : ""}`
        : "missing",
      sprsound: sprsound ?? `none in ${dataDir}; made-up sounds are used`,
      icbhi: icbhi ?? `none in ${dataDir}`,
      tracking: uri
        ? `${uri}, ${running ? "running" : "not running (starts when it is needed)"}`
        : mlflow
          ? "local server, not started yet"
          : "missing",
      jupyter: hasJupyter ? "found" : "missing",
      chromium: chromium ?? "not found (only browser checks need it)",
      cache: cacheFolder(),
    },
  };
}

async function lookAtEngine(problems: Examination["problems"]): Promise<Examination["engine"]> {
  try {
    const { tf, engineBuild, engineDevice, engineThreads } = await import("../tensorflow.js");
    const two = tf.tidy(() => tf.add(1, 1).dataSync()[0]);
    if (two !== 2) throw new Error(`1 + 1 gave ${two}`);
    const device = engineDevice();
    const driver = existsSync("/proc/driver/nvidia/version");
    const { remark, problem } = judgeBuild(engineBuild, device, driver);
    if (problem) problems.push(problem);
    return {
      name: `TensorFlow ${engineBuild.version}${engineBuild.kind === "gpu" ? " (GPU build)" : ""}`,
      version: tf.version_core,
      device,
      threads: engineThreads,
      build: engineBuild.kind,
      remark,
    };
  } catch (error) {
    problems.push({ what: "engine", mend: (error as Error).message });
    return null;
  }
}

/** What to say of a build on a machine with NVIDIA's driver or without; `device` is what TensorFlow computes on. */
export function judgeBuild(
  { kind, cuda }: { kind: "cpu" | "gpu"; cuda: boolean },
  device: string,
  driver: boolean,
): { remark: string | null; problem?: { what: string; mend: string } } {
  const setUp = "run `npm run setup -- --engine gpu`";
  if (kind === "cpu")
    return { remark: driver ? `an NVIDIA driver is here: ${setUp} to use the GPU (not yet run on a GPU)` : null };
  const remark =
    "the GPU build is not yet run on a GPU by the project's own tests (`npm run test:slow` does it where there is one)";
  if (device !== "cpu" || !driver) return { remark };
  const mend = cuda
    ? "TensorFlow finds no GPU although there is an NVIDIA driver; TF_CPP_MIN_LOG_LEVEL=0 makes it say why. It computes on the CPU"
    : `CUDA's libraries are not there, so it computes on the CPU: ${setUp}`;
  return { remark, problem: { what: "GPU", mend } };
}

function lookAt(
  name: "icbhi" | "sprsound",
  load: (dataDir: string) => { recordings: readonly { file?: string }[]; madeUp: boolean },
  dataDir: string,
  problems: Examination["problems"],
): string | null {
  if (!existsSync(path.join(dataDir, name))) return null;
  try {
    const { recordings, madeUp } = load(dataDir);
    const heard = recordings.filter(({ file }) => file !== undefined).length;
    const part = heard < recordings.length ? `, ${heard} of them with audio` : "";
    return `${recordings.length} recordings${part}${madeUp ? " (made-up sounds)" : ""} in ${dataDir}`;
  } catch (error) {
    problems.push({ what: name, mend: (error as Error).message });
    return null;
  }
}
