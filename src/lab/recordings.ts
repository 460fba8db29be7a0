import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import { loadSprSound, type SprSound } from "../datasets/sprsound/load.js";
import { dataFolder } from "../node/paths.js";

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
  const { dataDir, instead } = recordingsOrMadeUp();
  const data = loadSprSound(dataDir);
  const files = data.recordings.length;
  if (instead) {
    const what = `MADE-UP SOUNDS: there are no recordings in ${dataFolder()}, so these ${files} files were computed. Set AUSCULT_DATA to the folder that holds sprsound/.`;
    return { dataDir, data, what };
  }
  const kind = data.madeUp ? "made-up sounds in SPRSound's layout, no recordings" : "SPRSound";
  return { dataDir, data, what: `${files} files: ${kind}.` };
}
