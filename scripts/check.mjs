#!/usr/bin/env node
/** Types, lint and format, import directions, and what must not be in the tree. Ends with code 1 if any of it is wrong. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "./setup/common.mjs";

const bin = (name) => path.join(root, "node_modules/.bin", name);
const program =
  (command, ...args) =>
  () => {
    const result = spawnSync(command, args, { cwd: root, encoding: "utf8", env: { ...process.env, FORCE_COLOR: "0" } });
    return result.status === 0 ? [] : [`${result.stdout}${result.stderr}`.trim()];
  };

/** Files that git would take along: tracked, or new and not ignored. */
const files = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .stdout.split("\0")
  .filter((file) => file !== "" && fs.existsSync(path.join(root, file)));

/** tfjs keeps its engine in module state: a second copy of tfjs-core would be a second, empty engine. */
function oneEngine() {
  const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const copies = Object.keys(lock).filter((name) => name.endsWith("node_modules/@tensorflow/tfjs-core"));
  return copies.length === 1
    ? []
    : [`package-lock.json holds ${copies.length} copies of tfjs-core: ${copies.join(", ")}`];
}

function noRegistry() {
  const named = /"resolved": "https?:|^--(extra-)?index-url|^--find-links| @ https?:/m;
  const locks = ["package-lock.json", "scripts/python/requirements.lock", "scripts/python/uv.lock"];
  return locks
    .filter((file) => named.test(fs.readFileSync(path.join(root, file), "utf8")))
    .map((file) => `${file} names a registry`);
}

function noData() {
  const forbidden = /\.(wav|flac|mp3|npy|npz|h5|pth|pt|safetensors|onnx|db|sqlite|zip|gz|xz)$/i;
  return files
    .filter((file) => forbidden.test(file))
    .map((file) => `${file}: recordings, weights and data are not committed`);
}

function smallFiles() {
  const big = files.filter(
    (file) =>
      file !== "package-lock.json" && !file.endsWith(".lock") && fs.statSync(path.join(root, file)).size > 400_000,
  );
  return big.map((file) => `${file} is over 400 kB; is it needed?`);
}

const checks = [
  // By its path: the kernel's older compiler has the short name.
  ["types", program(process.execPath, "node_modules/typescript/bin/tsc", "-p", ".")],
  ["types of the page", program(process.execPath, "node_modules/typescript/bin/tsc", "-p", "src/web/page")],
  ["lint and format", program(bin("biome"), "ci", "--colors=off", "--error-on-warnings", ".")],
  ["import directions", program(bin("depcruise"), "src", "experiments", "packages")],
  ["notebooks without outputs", program(process.execPath, "scripts/checkNotebooks.mjs")],
  ["one engine", oneEngine],
  ["lock files without addresses", noRegistry],
  ["no data in the tree", noData],
  ["no big files", smallFiles],
];

let failed = 0;
for (const [name, check] of checks) {
  const problems = check();
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${name}`);
  for (const problem of problems) console.log(problem.replace(/^/gm, "     "));
  if (problems.length > 0) failed++;
}
console.log(`check: ${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
