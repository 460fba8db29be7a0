import { existsSync } from "node:fs";
import path from "node:path";
import { cacheFolder, dataFolder } from "../../node/paths.js";
import { MADE_UP_SETS, writeDemo } from "./writeDemo.js";

/** Raised when the made-up sounds change, so that an older set in the cache is not taken for the present one. */
const MADE_UP_VERSION = 2;

/**
 * The data folder; where nobody named one and the usual place has no `sprsound/`, a folder with the made-up sets, kept in the cache. A folder
 * that was named, by `given` or `AUSCULT_DATA`, is handed on as it is: if it holds no recordings, its reader says so.
 */
export function recordingsOrMadeUp(given?: string): { dataDir: string; instead: boolean } {
  const folder = dataFolder(given);
  const named = given !== undefined || Boolean(process.env.AUSCULT_DATA);
  if (named || existsSync(path.join(folder, "sprsound"))) return { dataDir: folder, instead: false };
  const made = path.join(cacheFolder(), `made-up-${MADE_UP_VERSION}`);
  // Both, since an interruption between the two leaves one.
  if (!MADE_UP_SETS.every((name) => existsSync(path.join(made, name)))) writeDemo(made);
  return { dataDir: made, instead: true };
}
