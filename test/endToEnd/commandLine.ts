import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cacheFolder, projectRoot } from "../../src/node/paths.js";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Called every few milliseconds until it answers true. */
  whileRunning?: (child: ChildProcess) => boolean;
}

/** A folder of its own for runs and caches; the engine alone is shared. */
export class Workplace {
  readonly folder = mkdtempSync(path.join(tmpdir(), "auscult-end-to-end-"));
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = {}) {
    const cache = path.join(this.folder, "cache");
    mkdirSync(cache);
    for (const name of readdirSync(cacheFolder()).filter((one) => one.startsWith("tensorflow")))
      symlinkSync(path.join(cacheFolder(), name), path.join(cache, name));
    this.env = {
      ...process.env,
      AUSCULT_CACHE: cache,
      AUSCULT_MLRUNS: this.at("mlruns"),
      AUSCULT_DATA: this.at("data"),
      // Nothing listens on the discard port: a run must do without its server.
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
      ...env,
    };
  }

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** `auscult ARGS` in a process of its own. */
  auscult(args: string[], { env = {}, whileRunning }: RunOptions = {}): Promise<Ended> {
    const child = spawn(process.execPath, [path.join(projectRoot(), "scripts", "auscult.mjs"), ...args], {
      cwd: projectRoot(),
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer =
      whileRunning &&
      setInterval(() => {
        if (whileRunning(child)) clearInterval(timer);
      }, 5);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        clearInterval(timer);
        resolve({ code, signal, stdout, stderr });
      });
    });
  }

  /** The data set, hard-linked nowhere: a copy that may be spoiled. */
  copyOfData(name: string): string {
    cpSync(this.at("data"), this.at(name), { recursive: true });
    return this.at(name);
  }

  /** The run folders below a folder of runs. */
  runFolders(mlruns = this.at("mlruns")): string[] {
    const runs = path.join(mlruns, "runs");
    return existsSync(runs) ? readdirSync(runs).map((name) => path.join(runs, name)) : [];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The one JSON document of a standard output; anything beside it is an error. */
export function json<T = Record<string, unknown>>(ended: Ended): T {
  return JSON.parse(ended.stdout) as T;
}

export function readJson<T = Record<string, unknown>>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
