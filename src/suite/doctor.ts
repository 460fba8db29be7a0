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
  engine: { name: string; version: string; device: string; threads: number } | null;
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
        ? `${engine.name} (tfjs ${engine.version}), ${engine.device}, ${engine.threads} threads`
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
    const { tf, engineThreads } = await import("../tensorflow.js");
    const two = tf.tidy(() => tf.add(1, 1).dataSync()[0]);
    if (two !== 2) throw new Error(`1 + 1 gave ${two}`);
    return {
      name: "TensorFlow 2.21.0",
      version: tf.version_core,
      device: "cpu",
      threads: engineThreads,
    };
  } catch (error) {
    problems.push({ what: "engine", mend: (error as Error).message });
    return null;
  }
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
