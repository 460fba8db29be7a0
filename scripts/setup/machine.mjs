import { spawnSync } from "node:child_process";
import { SetupError } from "./common.mjs";

const ok = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** The C++ compiler that builds the addon. */
export const compiler = () => process.env.CXX || "g++";

/** The Python that makes the environment. */
export const python = () => process.env.PYTHON || "python3";

/** What is wrong with a Node version, or nothing. */
export function nodeProblem(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12)) return undefined;
  const why = major > 20 ? "the TensorFlow package does not load in others" : "older ones lack what its packages use";
  return `Node ${version}: this project runs on Node 20 (20.19 or later) and Node 22 (22.12 or later); ${why}`;
}

function pythonProblem() {
  const name = python();
  const asked = spawnSync(name, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { encoding: "utf8" });
  const version = asked.status === 0 ? asked.stdout.trim() : "";
  const [major, minor] = version.split(".").map(Number);
  const install = "Debian, Ubuntu: apt-get install python3 python3-venv; Fedora: dnf install python3";
  if (!(major >= 3)) return `no Python (looked for ${name}): need 3.10 or later (${install})`;
  if (major === 3 && minor < 10) {
    return `Python ${version} (${name}): need 3.10 or later; PYTHON=/path/to/python3 names another one`;
  }
  if (ok(name, ["-c", "import venv, ensurepip"])) return undefined;
  return `Python ${version} without its venv module (Debian, Ubuntu: apt-get install python3-venv)`;
}

/** What this machine lacks for set-up, each with what installs it; empty when nothing is missing. */
export function missing() {
  const problems = [];
  const node = nodeProblem();
  if (node) problems.push(node);
  if (process.platform !== "linux" || process.arch !== "x64") {
    problems.push(`${process.platform} ${process.arch}: the engine is built for Linux on x86-64 only`);
  }
  if (!ok(compiler(), ["--version"])) {
    problems.push(
      `no C++ compiler (looked for ${compiler()}; Debian, Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++)`,
    );
  }
  const py = pythonProblem();
  if (py) problems.push(py);
  if (!ok("flock", ["--version"])) problems.push("no flock program (it is part of the package util-linux)");
  if (!ok("npm", ["--version"])) problems.push("no npm (it comes with Node; Debian: apt-get install npm)");
  return problems;
}

export function requireMachine() {
  const problems = missing();
  if (problems.length === 0) return;
  throw new SetupError(`this machine lacks what set-up needs:\n${problems.map((p) => `          - ${p}`).join("\n")}`);
}
