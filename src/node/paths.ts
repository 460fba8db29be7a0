import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** The folder that holds this project's package.json: `AUSCULT_ROOT` (set by the launcher), else found upwards from here. */
export function projectRoot(): string {
  if (process.env.AUSCULT_ROOT) return process.env.AUSCULT_ROOT;
  for (let dir = process.cwd(); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, "scripts", "auscult.mjs"))) return dir;
    if (dir === path.dirname(dir)) return process.cwd();
  }
}

/** Where everything that can be made again is kept: `AUSCULT_CACHE`, else `$XDG_CACHE_HOME/auscult`, else `~/.cache/auscult`. */
export function cacheFolder(): string {
  if (process.env.AUSCULT_CACHE) return path.resolve(process.env.AUSCULT_CACHE);
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "auscult");
}

/** The folder of runs and of the local tracking store: `AUSCULT_MLRUNS` (tests), else `mlruns/` in the project. */
export function mlrunsFolder(): string {
  return process.env.AUSCULT_MLRUNS ? path.resolve(process.env.AUSCULT_MLRUNS) : path.join(projectRoot(), "mlruns");
}

/**
 * The folder that holds `sprsound/` and `icbhi/`: the given one, else `AUSCULT_DATA`, else `data/` in the project.
 * It need not exist.
 */
export function dataFolder(given?: string): string {
  return path.resolve(given ?? process.env.AUSCULT_DATA ?? path.join(projectRoot(), "data"));
}
