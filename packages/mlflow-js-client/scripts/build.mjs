/** Compiles `src/` to `dist/` and removes what has no source any more. Nothing is missing meanwhile: programs may be running from there. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
// By name: a `tsc` on the path may be another package's.
const compiler = path.join(
  path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
  cwd: folder,
  stdio: "inherit",
});
const sourceOf = (file) => path.join(folder, "src", file.replace(/\.(d\.ts|js)$/, ".ts"));
for (const file of readdirSync(path.join(folder, "dist"), { recursive: true }))
  if (/\.(d\.ts|js)$/.test(file) && !existsSync(sourceOf(file))) rmSync(path.join(folder, "dist", file));
process.exitCode = status ?? 1;
