import { existsSync } from "node:fs";
import path from "node:path";
import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import { findIcbhi } from "../datasets/icbhi/layout.js";
import { type Icbhi, loadIcbhi } from "../datasets/icbhi/load.js";
import { findSprSound } from "../datasets/sprsound/layout.js";
import { loadSprSound, type SprSound } from "../datasets/sprsound/load.js";
import { dataFolder } from "../node/paths.js";
import { UserError } from "../userError.js";

/** Data that a notebook works on. */
export interface Recordings<Data> {
  dataDir: string;
  data: Data;
  /** One sentence: what they are, and where the real ones would be looked for. */
  what: string;
}

/**
 * SPRSound from the data folder; where there is none and `AUSCULT_DATA` names none, a made-up set, kept in the cache folder.
 * Throws `UserError` when `AUSCULT_DATA` names a folder without recordings, and for wrong data.
 */
export function sprSoundOrMadeUp(): Recordings<SprSound> {
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

/**
 * ICBHI from the data folder; where neither data set is there and `AUSCULT_DATA` names no folder, a made-up set, kept in the cache folder.
 * Throws `UserError` when there is none, and for wrong data.
 */
export function icbhiOrMadeUp(): Recordings<Icbhi> {
  const { dataDir, instead } = recordingsOrMadeUp(
    existsSync(path.join(dataFolder(), "icbhi")) ? dataFolder() : undefined,
  );
  const data = loadIcbhi(dataDir);
  const kind = data.madeUp ? "MADE-UP SOUNDS in ICBHI's layout, no recordings" : "ICBHI";
  const where = instead
    ? ` Set AUSCULT_DATA to the folder that holds icbhi/; nothing was found in ${dataFolder()}.`
    : "";
  return { dataDir, data, what: `${kind}: ${soundsOf(data)}.${where}` };
}

/** The data sets that are at hand. */
export interface DataSets {
  dataDir: string;
  icbhi?: Icbhi;
  sprsound?: SprSound;
  /** Whether any of them is made up; what is shown of it says so. */
  madeUp: boolean;
  /** A sentence for each data set: what it is, or that it is not there. */
  what: string[];
}

/**
 * Whichever of ICBHI and SPRSound is in the data folder; where neither is and `AUSCULT_DATA` names no folder, both made up.
 * Throws `UserError` when `AUSCULT_DATA` names a folder with neither, and for wrong data.
 */
export function dataSetsOrMadeUp(): DataSets {
  const folder = dataFolder();
  const some = ["icbhi", "sprsound"].some((name) => existsSync(path.join(folder, name)));
  const { dataDir, instead } = recordingsOrMadeUp(some ? folder : undefined);
  const icbhi = isThere(findIcbhi, dataDir) ? loadIcbhi(dataDir) : undefined;
  const sprsound = isThere(findSprSound, dataDir) ? loadSprSound(dataDir) : undefined;
  if (!icbhi && !sprsound) findIcbhi(dataDir); // throws, and says what the layout is
  const missing = (name: string) =>
    `${name} is not in ${dataDir}: its part is left out. \`npx auscult data fetch ${name.toLowerCase()}\` downloads it.`;
  const kind = (name: string, { madeUp }: { madeUp: boolean }) =>
    madeUp ? `MADE-UP SOUNDS in ${name}'s layout, no recordings` : name;
  const what = [
    icbhi ? `${kind("ICBHI", icbhi)}: ${soundsOf(icbhi)}.` : missing("ICBHI"),
    sprsound ? `${kind("SPRSound", sprsound)}: ${sprsound.recordings.length} recordings.` : missing("SPRSound"),
    ...(instead
      ? [`Set AUSCULT_DATA to the folder that holds icbhi/ and sprsound/; nothing was found in ${folder}.`]
      : []),
  ];
  return {
    dataDir,
    ...(icbhi && { icbhi }),
    ...(sprsound && { sprsound }),
    madeUp: [icbhi, sprsound].some((one) => one?.madeUp),
    what,
  };
}

function soundsOf({ recordings }: Icbhi): string {
  const withAudio = recordings.filter(({ file }) => file !== undefined).length;
  const all = `${recordings.length} recordings`;
  return withAudio === recordings.length ? all : `${all}, ${withAudio} of them with audio`;
}

function isThere(find: (dataDir: string) => unknown, dataDir: string): boolean {
  try {
    find(dataDir);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
