import { existsSync } from "node:fs";
import path from "node:path";
import { MissingData } from "../../userError.js";
import { describeFolder, filesIn, folderTrouble, isFolder, isThere } from "../files.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { parseIcbhiName } from "./fileName.js";

/** The publisher's lists, by what they say. */
export type IcbhiListName = "officialSplit" | "folds" | "corrections" | "demographics" | "diagnoses";

/** Names under which each list is published; the first is the one that `data fetch` writes. */
export const LIST_FILES: Readonly<Record<IcbhiListName, readonly string[]>> = {
  officialSplit: ["ICBHI_challenge_train_test.txt"],
  folds: ["patient_list_foldwise.txt"],
  corrections: ["filename_differences.txt"],
  demographics: ["demographic_info.txt", "ICBHI_Challenge_demographic_information.txt"],
  diagnoses: ["patient_diagnosis.csv", "ICBHI_Challenge_diagnosis.txt"],
};

/** Folders of WAV and annotation files below the root, by the names that releases and copies give them. */
const AUDIO_FOLDERS = ["ICBHI_final_database", "audio_and_txt_files"];
/** All annotations, where recordings are at hand only in part. */
const ANNOTATION_FOLDERS = ["annotations_all920"];

export interface IcbhiLayout {
  root: string;
  /** Folders searched for WAV files, in this order. */
  audioFolders: string[];
  /** Folders searched for annotations, in this order. */
  annotationFolders: string[];
  lists: Partial<Record<IcbhiListName, string>>;
  /** Folders of the layout that are there and cannot be used, with the reason. */
  odd: { file: string; what: string }[];
  madeUp: boolean;
}

const LAYOUT_HELP = `The layout is the publisher's:
  DIR/icbhi/ICBHI_final_database/101_1b1_Al_sc_Meditron.wav and .txt, and so on
  DIR/icbhi/ICBHI_challenge_train_test.txt, patient_list_foldwise.txt and the other lists
  DIR/icbhi/annotations_all920/*.txt   (where you have annotations of recordings whose sound you do not have)
DIR is given by --data DIR or by AUSCULT_DATA. \`auscult data fetch icbhi\` downloads it; \`auscult data demo DIR\` makes a small made-up set.`;

/**
 * Finds the publisher's folders and lists under `dataDir/icbhi` or `dataDir` itself.
 * @param dataDir the folder that holds `icbhi/`, or that folder itself
 * @throws UserError that says where it looked and what the layout is, when there are no annotations
 */
export function findIcbhi(dataDir: string): IcbhiLayout {
  const later = () => {}; // what cannot be listed is told when it is read
  const roots = [path.join(dataDir, "icbhi"), dataDir];
  const odd = roots.flatMap((root) =>
    ["", ...AUDIO_FOLDERS, ...ANNOTATION_FOLDERS].flatMap((name) => {
      const file = path.join(root, name);
      const what = folderTrouble(file);
      return what ? [{ file, what }] : [];
    }),
  );
  for (const root of roots) {
    const below = (names: readonly string[]) => names.map((name) => path.join(root, name)).filter(isFolder);
    const audioFolders = below(AUDIO_FOLDERS);
    // Some unpack the archive without its folder.
    if (audioFolders.length === 0 && filesIn(root, ".wav", later).some((name) => parseIcbhiName(name.slice(0, -4)))) {
      audioFolders.push(root);
    }
    const annotationFolders = [...audioFolders, ...below(ANNOTATION_FOLDERS)];
    if (!annotationFolders.some((folder) => filesIn(folder, ".txt", later).length > 0)) continue;
    const lists: IcbhiLayout["lists"] = {};
    for (const [list, names] of Object.entries(LIST_FILES) as [IcbhiListName, readonly string[]][]) {
      const places = [root, ...audioFolders].flatMap((folder) => names.map((name) => path.join(folder, name)));
      // A link that leads nowhere is found too, so that reading it tells why.
      const found = places.find(isThere);
      if (found) lists[list] = found;
    }
    // Those that were found are told where they are read.
    const unread = odd.filter(({ file }) => file.startsWith(root) && !annotationFolders.includes(file));
    const madeUp = existsSync(path.join(root, MADE_UP_MARKER));
    return { root, audioFolders, annotationFolders, lists, odd: unread, madeUp };
  }
  const why = odd.map(({ file, what }) => `\n  ${file} ${what}`).join("");
  throw new MissingData(
    `no ICBHI annotations in ${dataDir} (${describeFolder(dataDir)}); looked for ${[...AUDIO_FOLDERS, ...ANNOTATION_FOLDERS].join(", ")} in ${path.join(dataDir, "icbhi")} and ${dataDir}.${why}\n${LAYOUT_HELP}`,
  );
}
