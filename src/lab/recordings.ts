import { existsSync } from "node:fs";
import path from "node:path";
import { writeDemo } from "../datasets/demo/writeDemo.js";
import { loadSprSound, type SprSound } from "../datasets/sprsound/load.js";
import { cacheFolder, dataFolder } from "../node/paths.js";

/** Data that a notebook works on. */
export interface Recordings {
  dataDir: string;
  data: SprSound;
  /** One sentence: what they are, and where the real ones would be looked for. */
  what: string;
}

/**
 * SPRSound from the data folder; where there is none and `AUSCULT_DATA` names none, a made-up set, kept in the cache folder.
 * Throws `UserError` when `AUSCULT_DATA` names a folder without recordings, and for wrong data.
 */
export function sprSoundOrMadeUp(): Recordings {
  const folder = dataFolder();
  if (process.env.AUSCULT_DATA || existsSync(folder)) {
    const data = loadSprSound(folder);
    const kind = data.madeUp ? "made-up sounds in SPRSound's layout, no recordings" : "SPRSound";
    return { dataDir: folder, data, what: `${data.recordings.length} files: ${kind}.` };
  }
  const made = path.join(cacheFolder(), "made-up");
  if (!existsSync(path.join(made, "sprsound"))) writeDemo(made);
  const data = loadSprSound(made);
  const what = `MADE-UP SOUNDS: there are no recordings in ${folder}, so these ${data.recordings.length} files were computed. Set AUSCULT_DATA to the folder that holds sprsound/.`;
  return { dataDir: made, data, what };
}
