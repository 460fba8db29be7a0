import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./scripts.js";

/**
 * The project as it stands, in a folder that may be linked with another engine: sources are copied, packages and the Python environment
 * are links into ours, all but the package that holds the addon. Set-up there finds only the engine missing.
 */
export function copyProject(folder: string): void {
  const inside = (...parts: string[]) => path.join(folder, ...parts);
  const ours = (...parts: string[]) => path.join(root, ...parts);
  mkdirSync(folder, { recursive: true });
  const elsewhere = [
    ".git",
    ".venv",
    ".venv-reference",
    ".venv-export",
    "node_modules",
    "mlruns",
    "data",
    ".engine",
    ".setup.lock",
  ];
  for (const name of readdirSync(root)) {
    if (!elsewhere.includes(name)) cpSync(ours(name), inside(name), { recursive: true });
  }
  const engine = path.join("@tensorflow", "tfjs-node-gpu");
  linkAll(ours("node_modules"), inside("node_modules"), ["@tensorflow", "mlflow-js-client"]);
  linkAll(ours("node_modules/@tensorflow"), inside("node_modules/@tensorflow"), ["tfjs-node-gpu"]);
  symlinkSync(inside("packages/mlflow-js-client"), inside("node_modules/mlflow-js-client"));
  cpSync(ours("node_modules", engine), inside("node_modules", engine), { recursive: true });

  linkAll(ours(".venv"), inside(".venv"), ["auscult.json"]);
  const stamp = JSON.parse(readFileSync(ours(".venv/auscult.json"), "utf8"));
  writeFileSync(inside(".venv/auscult.json"), JSON.stringify({ ...stamp, folder: inside(".venv") }));
}

function linkAll(from: string, to: string, except: string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!except.includes(name)) symlinkSync(realpathSync(path.join(from, name)), path.join(to, name));
  }
}
