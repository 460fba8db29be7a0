import { spawnSync } from "node:child_process";
import { SetupError } from "./common.mjs";

const ok = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** The C++ compiler that builds the addon. */
export const compiler = () => process.env.CXX || "g++";

/** The Python that makes the environment. */
export const python = () => process.env.PYTHON || "python3";

/** What this machine lacks for set-up, each with what installs it; empty when nothing is missing. */
export function missing() {
  const problems = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12))) {
    problems.push(
      `Node ${process.versions.node}: need Node 20 (20.19 or later) or 22 (22.12 or later), since the engine's package loads in no later one`,
    );
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    problems.push(`${process.platform} ${process.arch}: the engine is built for Linux on x86-64 only`);
  }
  if (!ok(compiler(), ["--version"]))
    problems.push("no C++ compiler (Debian, Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++)");
  if (!ok(python(), ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"])) {
    problems.push(
      "no Python 3.10 or later (Debian, Ubuntu: apt-get install python3 python3-venv; Fedora: dnf install python3)",
    );
  } else if (!ok(python(), ["-c", "import venv, ensurepip"])) {
    problems.push("Python without its venv module (Debian, Ubuntu: apt-get install python3-venv)");
  }
  return problems;
}

export function requireMachine() {
  const problems = missing();
  if (problems.length === 0) return;
  throw new SetupError(`this machine lacks what set-up needs:\n${problems.map((p) => `          - ${p}`).join("\n")}`);
}
