import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { Interrupted, needSpace, read, root, SetupError, sha256, writeWhole } from "./common.mjs";
import { python } from "./machine.mjs";
import { stage } from "./stage.mjs";

const folder = path.join(root, ".venv");
const lock = path.join(root, "scripts/python/requirements.lock");
const uvLock = path.join(root, "scripts/python/uv.lock");
const stamp = path.join(folder, "auscult.json");

export const venvPython = path.join(folder, "bin/python");

/** The version of the Python that the environment runs now, as in "3.11"; "" when it does not run. */
function version() {
  const asked = spawnSync(venvPython, ["-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], {
    encoding: "utf8",
  });
  return asked.status === 0 ? asked.stdout.trim() : "";
}

/** Scripts in an environment hold its path, and its packages belong to one version of Python: either may have changed since. */
const state = () => JSON.stringify({ lock: sha256(read(lock), read(uvLock)), folder, python: version() });

/** The environment is whole when its stamp, written last, says what is the case now. */
export function pythonReady() {
  const written = read(stamp);
  return written !== "" && written === state();
}

/**
 * MLflow's server and JupyterLab, in a virtual environment of the project's own, every wheel pinned by digest. `uv` installs
 * them ten times as fast as pip and is a wheel itself; where it cannot be had or fails, pip does the same from the same lock.
 */
export async function installPython() {
  // An environment cannot be made elsewhere and moved: a half-made one is made anew.
  fs.rmSync(folder, { recursive: true, force: true });
  needSpace(root, 1400, "the Python environment (MLflow, JupyterLab)");
  await stage("Python environment (MLflow's server, JupyterLab; 1,150 MB)", async () => {
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
    const uv = ["pip", "install", "--quiet", "--python", venvPython, "--require-hashes", "--compile-bytecode"];
    const faster = await succeeds(async () => {
      await run(venvPython, [...pip, "-r", uvLock], { env });
      await run(path.join(folder, "bin/uv"), [...uv, "-r", lock], { env });
    });
    if (!faster) await run(venvPython, [...pip, "-r", lock], { env });
    fs.rmSync(scratch, { recursive: true, force: true });
  });
  writeWhole(stamp, state());
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
