import { execFile } from "node:child_process";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { pythonEnvironment } from "./mlflowExecutable.js";

/** The Python of the project's environment. It need not exist. */
export function pythonProgram(): string {
  const [folder, name] = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return path.join(pythonEnvironment(), folder!, name!);
}

/** A file of `scripts/python`. */
export function pythonScript(name: string): string {
  return path.join(projectRoot(), "scripts", "python", name);
}

/**
 * The environment of MLflow's programs. What is set for clients (`MLFLOW_TRACKING_URI`) or for another server
 * (`MLFLOW_BACKEND_STORE_URI`, `MLFLOW_ENABLE_WORKSPACES`) is not meant for ours.
 */
export function mlflowEnvironment(): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MLFLOW_"))),
    // Without this ten processes and 1.8 GB of memory serve features that only language models need.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
    MLFLOW_DISABLE_TELEMETRY: "true",
  };
}

/** Runs the project's Python and waits; answers what it printed on both channels. Never throws. */
export function runPython(
  args: string[],
  options: { cwd: string },
): Promise<{ ok: boolean; output: string; complaint: string }> {
  return new Promise((resolve) => {
    execFile(
      pythonProgram(),
      // Isolated: neither the user's own packages nor the folder of the script are looked through.
      ["-I", ...args],
      { cwd: options.cwd, env: mlflowEnvironment(), maxBuffer: 64e6 },
      (error, output, complaint) =>
        resolve({ ok: error === null, output, complaint: complaint || (error?.message ?? "") }),
    );
  });
}
