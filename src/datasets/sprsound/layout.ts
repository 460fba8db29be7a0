import { existsSync } from "node:fs";
import path from "node:path";
import { MissingData } from "../../userError.js";
import { describeFolder, filesIn, folderTrouble, isFolder } from "../files.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import type { SprSoundSet } from "./labels.js";

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
  /** Folders of the layout that are there and cannot be used, with the reason. */
  odd: { file: string; what: string }[];
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
  const odd = [...new Set([...roots, ...roots.flatMap(placesBelow)])].flatMap((file) => {
    const what = folderTrouble(file);
    return what ? [{ file, what }] : [];
  });
  for (const root of roots) {
    const sets = PLACES.flatMap(({ set, release, json, wav }) => {
      const base = [path.join(root, release), root].find((folder) => isFolder(path.join(folder, json)));
      return base ? [{ set, json: path.join(base, json), wav: path.join(base, wav) }] : [];
    });
    const train = sets.find(({ set }) => set === "train2022");
    if (!train) continue;
    if (filesIn(train.json, ".json").length === 0) {
      throw new MissingData(`no SPRSound annotations (*.json) in ${train.json}.\n${LAYOUT_HELP}`);
    }
    // Those of the sets are told where they are read.
    const known = new Set(sets.flatMap(({ json, wav }) => [json, wav]));
    return {
      root,
      sets,
      odd: odd.filter(({ file }) => file.startsWith(root) && !known.has(file)),
      madeUp: existsSync(path.join(root, MADE_UP_MARKER)),
    };
  }
  const why = odd.map(({ file, what }) => `\n  ${file} ${what}`);
  throw new MissingData(
    `no SPRSound recordings in ${dataDir} (${describeFolder(dataDir)}); looked for train2022_json in ${roots
      .flatMap((root) => [path.join(root, "BioCAS2022"), root])
      .join(", ")}.${why.join("")}\n${LAYOUT_HELP}`,
  );
}

/** Every folder that the layout knows under a root, outermost first. */
function placesBelow(root: string): string[] {
  return PLACES.flatMap(({ release, json, wav }) =>
    [root, path.join(root, release)].flatMap((base) =>
      ["", path.dirname(json), json, wav].map((place) => path.join(base, place)),
    ),
  );
}
