import { opendir, stat } from "node:fs/promises";
import path from "node:path";
import { describeFolder, folderTrouble, isFolder } from "../../datasets/files.js";
import { UserError } from "../../userError.js";

/** What a folder holds for `labelFolder`. */
export interface WavFolder {
  /** Base names ending with .wav (in any case), sorted by code unit. */
  names: string[];
  /** What is left alone. */
  ignored: { folders: number; hidden: number; otherEndings: number };
}

/**
 * Lists the WAV files of a folder itself; sub-folders are counted, not looked into. Symbolic links count as what they lead to.
 * @throws UserError where there is no such folder, it may not be read, or it holds no WAV file
 */
export async function listWavFolder(folder: string, signal?: AbortSignal): Promise<WavFolder> {
  if (!isFolder(folder)) {
    const trouble = folderTrouble(folder) ?? "there is no such folder";
    throw new UserError(`${folder}: ${trouble}; expected a folder of WAV files`);
  }
  const trouble = folderTrouble(folder);
  if (trouble) throw new UserError(`${folder} ${trouble}`);
  const names: string[] = [];
  const ignored = { folders: 0, hidden: 0, otherEndings: 0 };
  for await (const entry of await opendir(folder)) {
    signal?.throwIfAborted();
    const { name } = entry;
    if (name.startsWith(".")) ignored.hidden++;
    else if (await leadsToFolder(folder, entry)) ignored.folders++;
    else if (!/\.wav$/i.test(name)) ignored.otherEndings++;
    else names.push(name);
  }
  if (names.length === 0) {
    const below = ignored.folders > 0 ? "; sub-folders are not looked into" : "";
    throw new UserError(`${folder} has no file that ends with .wav: ${describeFolder(folder)}${below}`);
  }
  names.sort();
  return { names, ignored };
}

interface Entry {
  name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

async function leadsToFolder(folder: string, entry: Entry): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  // A link that leads nowhere is a file that cannot be read, if its name says so.
  return stat(path.join(folder, entry.name)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
