import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { needSpace, read, root, run, say, sha256 } from "./common.mjs";
import { python } from "./machine.mjs";

const folder = path.join(root, ".venv");
const lock = path.join(root, "scripts/python/requirements.lock");
const uvLock = path.join(root, "scripts/python/uv.lock");
const stamp = path.join(folder, "auscult.lock-digest");

export const venvPython = path.join(folder, "bin/python");

const digest = () => sha256(read(lock), read(uvLock));

/** The environment is whole when its stamp, written last, is the lock's digest. */
export function pythonReady() {
  return read(stamp) === digest();
}

/**
 * MLflow's server and JupyterLab, in a virtual environment of the project's own, every wheel pinned by digest. `uv` installs
 * them ten times as fast as pip and is a wheel itself; where it cannot be had, pip does the same from the same lock.
 */
export function installPython() {
  needSpace(root, 1300, "the Python environment (MLflow, JupyterLab)");
  say("Python environment: MLflow's server and JupyterLab (800 MB, about a minute)");
  // Scripts in an environment hold its path, so it cannot be made elsewhere and moved: a half-made one is made anew.
  fs.rmSync(folder, { recursive: true, force: true });
  run(python(), ["-m", "venv", folder], "Debian and Ubuntu have venv in the package python3-venv.");
  const hint = "Is there a network, and room on the disk? Nothing needs cleaning: run the same command again.";
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--retries",
    "2",
    "--require-hashes",
    "-r",
  ];
  const uv = spawnSync(venvPython, [...pip, uvLock], { cwd: root, stdio: ["ignore", 2, "ignore"] });
  if (uv.status === 0) {
    const args = ["pip", "install", "--quiet", "--python", venvPython, "--require-hashes", "--compile-bytecode", "-r", lock];
    run(path.join(folder, "bin/uv"), args, hint, { env: { ...process.env, UV_LINK_MODE: "copy" } });
  } else {
    run(venvPython, [...pip, lock], hint);
  }
  fs.writeFileSync(stamp, digest());
}
