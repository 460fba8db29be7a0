import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { type FetchRecord, RECORD_FILES, writeRecord } from "./record.js";

/** Scratch folder of a fetch, within the data set's folder so that a rename brings files into place. */
export const workFolder = (folder: string) => path.join(folder, ".fetch");

/** Where files are unpacked, at the paths that they will have. */
export const unpackFolder = (folder: string) => path.join(workFolder(folder), "unpacked");

/**
 * Brings unpacked files into place. The record is written beside them first: from then on `finishPlacing` of a later call goes on where a
 * killed one stopped.
 * @returns files that had other content; they lie under `replaced/` now
 */
export function place(folder: string, record: FetchRecord): string[] {
  writeRecord(workFolder(folder), record);
  return finishPlacing(folder);
}

/** Ends what a killed call began; does nothing where there is nothing to end. */
export function finishPlacing(folder: string): string[] {
  const work = workFolder(folder);
  if (!existsSync(path.join(work, RECORD_FILES.summary))) return [];
  const unpacked = unpackFolder(folder);
  const replaced = existsSync(unpacked) ? moveTree(unpacked, folder, "") : [];
  for (const name of [RECORD_FILES.digests, RECORD_FILES.summary]) {
    if (existsSync(path.join(work, name))) renameSync(path.join(work, name), path.join(folder, name));
  }
  rmSync(work, { recursive: true, force: true });
  return replaced;
}

/** A folder that is not there yet is renamed as a whole; into one that is there its files go one by one. */
function moveTree(from: string, folder: string, below: string): string[] {
  const replaced = readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    const source = path.join(from, entry.name);
    const place = path.join(below, entry.name);
    const target = path.join(folder, place);
    if (!isThere(target)) {
      renameSync(source, target);
      return [];
    }
    if (entry.isDirectory()) return moveTree(source, folder, place);
    if (haveSameContent(source, target)) {
      rmSync(source);
      return [];
    }
    setAside(target, folder, place);
    renameSync(source, target);
    return [place];
  });
  if (below !== "") rmdirSync(from);
  return replaced;
}

function haveSameContent(source: string, target: string): boolean {
  const found = lstatSync(target);
  return found.isFile() && found.size === statSync(source).size && readFileSync(source).equals(readFileSync(target));
}

/** Nothing that a person may have changed is deleted. */
function setAside(target: string, folder: string, place: string): void {
  for (let number = 1; ; number++) {
    const aside = path.join(folder, "replaced", number === 1 ? place : `${place}.${number}`);
    if (isThere(aside)) continue;
    mkdirSync(path.dirname(aside), { recursive: true });
    renameSync(target, aside);
    return;
  }
}

/** True for a link that leads nowhere, too. */
const isThere = (file: string) => lstatSync(file, { throwIfNoEntry: false }) !== undefined;
