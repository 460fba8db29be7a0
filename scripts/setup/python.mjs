import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { run } from "./child.mjs";
import { Interrupted, needSpace, read, root, SetupError, say, sha256, writeWhole } from "./common.mjs";
import { python } from "./machine.mjs";
import { stage } from "./stage.mjs";

/** An environment: where it is, what is in it, how much room that takes. */
const project = {
  folder: path.join(root, ".venv"),
  lock: path.join(root, "scripts/python/requirements.lock"),
  what: "Python environment (MLflow's server, JupyterLab; 1,150 MB)",
  megabytes: 1400,
};
const reference = {
  folder: path.join(root, ".venv-reference"),
  lock: path.join(root, "scripts/python/reference.lock"),
  what: "reference environment (PyTorch, TensorFlow for Python; 7,000 MB)",
  megabytes: 12_000,
};
const exporting = {
  folder: path.join(root, ".venv-export"),
  lock: path.join(root, "scripts/python/export.lock"),
  what: "environment of `auscult export` (TensorFlow for Python, tf2onnx, ONNX Runtime; 1,700 MB)",
  megabytes: 2500,
};
const uvLock = path.join(root, "scripts/python/uv.lock");

export const venvPython = interpreter(project);

function interpreter({ folder }) {
  return path.join(folder, "bin/python");
}

/** The version of the Python that the environment runs now, as in "3.11"; "" when it does not run. */
function version(environment) {
  const args = ["-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"];
  const asked = spawnSync(interpreter(environment), args, { encoding: "utf8" });
  return asked.status === 0 ? asked.stdout.trim() : "";
}

/** Scripts in an environment hold its path, and its packages belong to one version of Python: either may have changed since. */
function state(environment) {
  const { folder, lock } = environment;
  return { lock: sha256(read(lock), read(uvLock)), folder, python: version(environment) };
}

/** An environment is whole when its stamp, written last, says what is the case now. */
function ready(environment, remake = false) {
  const { lock, folder, python } = state(environment);
  const made = stamp(environment);
  if (made.lock !== lock || made.folder !== folder) return false;
  if (made.python === python) return true;
  return !remake && isAnothers(environment, made, python);
}

/**
 * Whether it was made on another host whose Python this node does not have. It is left alone there: made anew with this node's Python it would
 * be lost to the others, which may be at work with it.
 */
function isAnothers(environment, { host, python: theirs }, ours) {
  if (!host || host === os.hostname()) return false;
  if (!told.has(environment)) {
    say(
      `${environment.folder} was made on ${host} with Python ${theirs}, which ${ours ? `is ${ours}` : "does not run"} here. It is left as it is: runs need none of it, but no tracking server, search or notebook starts on this node. --relink makes it anew for this one.`,
    );
  }
  told.add(environment);
  return true;
}

const told = new Set();

function stamp({ folder }) {
  try {
    return JSON.parse(read(path.join(folder, "auscult.json")));
  } catch {
    return {};
  }
}

export const pythonReady = ({ remake = false } = {}) => ready(project, remake);
export const referenceReady = () => ready(reference);
export const exportReady = () => ready(exporting);

/** MLflow's server and JupyterLab, in a virtual environment of the project's own. */
export const installPython = () => install(project);

/** The tools that `auscult bench` compares with; nothing else needs them. */
export const installReference = () => install(reference);

/** The converters of `auscult export`, which asks for them itself. */
export const installExport = () => install(exporting);

/**
 * Makes an environment with every wheel pinned by digest. `uv` installs them ten times as fast as pip and is a wheel itself; where
 * it cannot be had or fails, pip does the same from the same lock.
 */
async function install(environment) {
  const { folder, lock, what, megabytes } = environment;
  const program = interpreter(environment);
  // An environment cannot be made elsewhere and moved: a half-made one is made anew.
  fs.rmSync(folder, { recursive: true, force: true });
  needSpace(root, megabytes, what);
  await stage(what, async () => {
    await run(python(), ["-m", "venv", folder], {
      hint: "Debian and Ubuntu have venv in the package python3-venv.",
    });
    const scratch = path.join(folder, "scratch"); // on this disk: /tmp is small on many machines
    fs.mkdirSync(scratch);
    const env = { ...process.env, TMPDIR: scratch, UV_LINK_MODE: "copy" };
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--retries",
      "2",
      "--require-hashes",
    ];
    const uv = ["pip", "install", "--quiet", "--python", program, "--require-hashes", "--compile-bytecode"];
    const faster = await succeeds(async () => {
      await run(program, [...pip, "-r", uvLock], { env });
      await run(path.join(folder, "bin/uv"), [...uv, "-r", lock], { env });
    });
    if (!faster) await run(program, [...pip, "-r", lock], { env });
    fs.rmSync(scratch, { recursive: true, force: true });
  });
  const made = { ...state(environment), host: os.hostname() };
  writeWhole(path.join(folder, "auscult.json"), JSON.stringify(made));
}

async function succeeds(work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof SetupError)) throw error;
    return false;
  }
}
