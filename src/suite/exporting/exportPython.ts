import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../node/paths.js";
import { Interrupted } from "../../training/interrupted.js";
import { UserError } from "../../userError.js";

/** What set-up takes on the disk. */
const ENVIRONMENT = "TensorFlow for Python, tf2onnx and ONNX Runtime (1,700 MB in .venv-export)";

interface Options {
  signal?: AbortSignal;
  say(message: string): void;
}

/**
 * The Python of the export's environment: AUSCULT_EXPORT_PYTHON, else the one that set-up makes, which is made here where it is missing or
 * of another version.
 *
 * @throws UserError where it cannot be made
 */
export async function exportPython({ signal, say }: Options): Promise<string> {
  const own = process.env.AUSCULT_EXPORT_PYTHON;
  if (own) {
    if (existsSync(own)) return own;
    throw new UserError(`AUSCULT_EXPORT_PYTHON=${own}: there is no such file; it names a Python that has tf2onnx`);
  }
  const folder = path.join(projectRoot(), ".venv-export");
  if (!existsSync(path.join(folder, "auscult.json"))) say(`installing ${ENVIRONMENT}, once`);
  const script = path.join(projectRoot(), "scripts", "setup.mjs");
  // Does nothing where all is there.
  const child = spawn(process.execPath, [script, "--export"], { stdio: ["ignore", 2, 2], detached: true });
  const ended = await whenEnded(child, signal);
  if (ended !== 0) throw new UserError("the environment of `auscult export` could not be made; see above", 1);
  return path.join(folder, "bin", "python");
}

/** What the last line says. */
export interface PythonDone {
  opset: number;
  /** Weights in int8, by the way they are used. */
  int8: Readonly<Record<string, number>>;
  versions: Readonly<Record<string, string>>;
}

/** How far it is. */
export interface PythonPhase {
  phase: string;
  done?: number;
  of?: number;
}

/**
 * Runs `scripts/python/exportModel.py`.
 *
 * @param work holds what `writeWorkFiles` wrote
 * @param out receives savedmodel/, model.onnx and model-int8.onnx
 * @throws UserError with Python's own sentence for what cannot be converted
 * @throws Interrupted when `signal` aborts
 */
export async function runExportModel(
  python: string,
  {
    work,
    out,
    signal,
    onPhase,
  }: { work: string; out: string; signal?: AbortSignal; onPhase(phase: PythonPhase): void },
): Promise<PythonDone> {
  const script = path.join(projectRoot(), "scripts", "python", "exportModel.py");
  const child = spawn(python, ["-P", "-s", script, work, out], {
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group: Ctrl-C is for this process, which then ends the child.
    detached: true,
    env: { ...process.env, PYTHONPATH: path.dirname(script), PYTHONDONTWRITEBYTECODE: "1" },
  });
  let complaint = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  let done: PythonDone | undefined;
  let refused: string | undefined;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const message = parsed(line);
    if (message?.done && typeof message.done === "object") done = message.done as PythonDone;
    else if (typeof message?.refused === "string") refused = message.refused;
    else if (typeof message?.phase === "string") onPhase(message as unknown as PythonPhase);
  });
  const code = await whenEnded(child, signal);
  if (refused !== undefined) throw new UserError(refused, 1);
  if (code === "SIGKILL") {
    throw new UserError(
      "the conversion was killed, most likely for want of memory: it takes about 20 times the weights' size",
      1,
    );
  }
  if (code !== 0 || !done) throw new Error(`${python} ${script} ended with ${code}:\n${complaint.trim()}`);
  return done;
}

/** Other lines are what libraries print. */
function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function whenEnded(child: ChildProcess, signal: AbortSignal | undefined): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const end = () => {
      try {
        process.kill(-child.pid!, "SIGTERM");
      } catch {
        // gone already
      }
    };
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
    child.once("error", reject);
    child.once("close", (code, by) => {
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(new Interrupted("stopped; the folder was not made"));
      else resolve(code ?? by ?? "nothing");
    });
  });
}
