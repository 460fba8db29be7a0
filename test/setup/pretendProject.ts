import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, setup } from "./scripts.js";

/**
 * A checkout that set-up takes for whole but for the engine's link: the scripts and sources are copies of ours, packages and the Python
 * environment are only said to be there. Nothing in it can be run, and set-up there neither downloads nor compiles.
 */
export async function pretendProject(folder: string): Promise<void> {
  const inside = (...parts: string[]) => path.join(folder, ...parts);
  const copied = ["scripts/setup.mjs", "scripts/setup", "scripts/python", "native"];
  for (const name of [...copied, "packages/mlflow-js-client/src", "packages/mlflow-js-client/dist/.source-digest"])
    cpSync(path.join(root, name), inside(name), { recursive: true });
  const binding = "node_modules/@tensorflow/tfjs-node-gpu/binding";
  cpSync(path.join(root, binding), inside(binding), { recursive: true });
  for (const name of ["package-lock.json", "node_modules/.package-lock.json"])
    writeFileSync(inside(name), JSON.stringify({ packages: {} }));
  const { sha256 } = await setup("common");
  const lock = sha256(...["requirements.lock", "uv.lock"].map((name) => readFileSync(inside("scripts/python", name))));
  mkdirSync(inside(".venv"));
  writeFileSync(inside(".venv/auscult.json"), JSON.stringify({ lock, folder: inside(".venv"), python: "" }));
}

/** The cache of a node that has fetched both builds, with CUDA's libraries; the files are empty. */
export async function pretendCache(folder: string): Promise<void> {
  const [{ wheels }, { addonDigest }] = await Promise.all([setup("wheel"), setup("addon")]);
  const nameOf = ({ name, version, sha256 }: Record<string, string>) => `${name}-${version}-${sha256!.slice(0, 8)}`;
  for (const wheel of [wheels.cpu, wheels.gpu]) {
    const library = path.join(folder, nameOf(wheel));
    mkdirSync(path.join(library, "cuda"), { recursive: true });
    for (const name of ["complete", `tfjs_binding-${addonDigest()}.node`]) writeFileSync(path.join(library, name), "");
    if (wheel === wheels.cpu) continue;
    for (const name of [...wheels.cuda.map(nameOf), "complete"]) writeFileSync(path.join(library, "cuda", name), "");
  }
}
