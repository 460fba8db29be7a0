import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import type { SprSoundSet } from "./labels.js";

/** Present in the root of a made-up data set; its text says what it is. */
export const MADE_UP_MARKER = "MADE_UP.txt";

/** Where one of the publisher's sets lies: the annotations name its recordings, since inter and intra share a WAV folder. */
export interface SetFolders {
  set: SprSoundSet;
  json: string;
  wav: string;
}

export interface SprSoundLayout {
  /** The folder that holds BioCAS2022, or the folders of that release themselves. */
  root: string;
  /** Those that are there, in fixed order. */
  sets: SetFolders[];
  madeUp: boolean;
}

const PLACES: readonly { set: SprSoundSet; release: string; json: string; wav: string }[] = [
  { set: "train2022", release: "BioCAS2022", json: "train2022_json", wav: "train2022_wav" },
  { set: "inter2022", release: "BioCAS2022", json: "test2022_json/inter_test_json", wav: "test2022_wav" },
  { set: "intra2022", release: "BioCAS2022", json: "test2022_json/intra_test_json", wav: "test2022_wav" },
  { set: "test2023", release: "BioCAS2023", json: "test2023_json", wav: "test2023_wav" },
];

const LAYOUT_HELP = `The layout is the publisher's:
  DIR/sprsound/BioCAS2022/train2022_wav, train2022_json, test2022_wav, test2022_json/inter_test_json, test2022_json/intra_test_json
  DIR/sprsound/BioCAS2023/test2023_wav, test2023_json   (if you have it)
DIR is given by --data DIR or by AUSCULT_DATA. Without recordings, \`auscult data demo DIR\` makes a small made-up set.`;

/**
 * Finds the publisher's folders under `dataDir/sprsound` or `dataDir` itself.
 * @param dataDir the folder that holds `sprsound/`, or that folder itself
 * @throws UserError that says where it looked and what the layout is, when there is no training set or nothing in it
 */
export function findSprSound(dataDir: string): SprSoundLayout {
  const roots = [path.join(dataDir, "sprsound"), dataDir];
  for (const root of roots) {
    const sets = PLACES.flatMap(({ set, release, json, wav }) => {
      const base = [path.join(root, release), root].find((folder) => isFolder(path.join(folder, json)));
      return base ? [{ set, json: path.join(base, json), wav: path.join(base, wav) }] : [];
    });
    const train = sets.find(({ set }) => set === "train2022");
    if (!train) continue;
    if (filesIn(train.json, ".json").length === 0) {
      throw new UserError(`no SPRSound annotations (*.json) in ${train.json}.\n${LAYOUT_HELP}`);
    }
    return { root, sets, madeUp: existsSync(path.join(root, MADE_UP_MARKER)) };
  }
  const seen = isFolder(dataDir) ? describeFolder(dataDir) : "there is no such folder";
  throw new UserError(
    `no SPRSound recordings in ${dataDir} (${seen}); looked for train2022_json in ${roots
      .flatMap((root) => [path.join(root, "BioCAS2022"), root])
      .join(", ")}.\n${LAYOUT_HELP}`,
  );
}

/** Base names with ending, sorted by code unit, without hidden files; a folder that is not there has none. */
export function filesIn(folder: string, ending: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && entry.name.toLowerCase().endsWith(ending))
    .map((entry) => entry.name)
    .sort();
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function describeFolder(folder: string): string {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  if (names.length === 0) return "the folder is empty";
  return `it holds ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and more" : ""}`;
}
