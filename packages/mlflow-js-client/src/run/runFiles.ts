import { randomBytes } from "node:crypto";
import { constants, copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MlflowError, MlflowValidationError } from "../errors.js";

/** A file below a run's folder, with "/", or elsewhere and absolute; `path` is its place among the artefacts. */
export interface KeptFile {
  file: string;
  path: string;
}

const filesFolder = "files";

/** Keeps what is logged as a file until it was sent: content and copies lie below the run's folder, in `files/`. */
export class RunFiles {
  readonly #folder: string;

  /** @param folder the run's folder */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes content for the artefact at `place`. Throws `MlflowError` (code "SPOOL") when the disk refuses. */
  write(content: Uint8Array | string, place: string): KeptFile {
    const file = this.#newName(place);
    this.#orRefuse(place, () => writeFileSync(path.join(this.#folder, file), content));
    return { file, path: place };
  }

  /**
   * Keeps a file: a copy, so that the original may change or go, or where `copy` is false the original's place. Throws
   * `MlflowValidationError` when there is no such file, `MlflowError` (code "SPOOL") when the disk refuses the copy.
   */
  keep(source: string, place: string, copy: boolean): KeptFile {
    const full = path.resolve(source);
    if (!statSync(full, { throwIfNoEntry: false })?.isFile())
      throw new MlflowValidationError(`artefact "${source}"`, "there is no such file");
    if (!copy) return { file: full, path: place };
    const file = this.#newName(place);
    // A file system that can share blocks makes the copy for nothing.
    this.#orRefuse(place, () => copyFileSync(full, path.join(this.#folder, file), constants.COPYFILE_FICLONE));
    return { file, path: place };
  }

  #newName(place: string): string {
    this.#orRefuse(place, () => mkdirSync(path.join(this.#folder, filesFolder), { recursive: true }));
    return `${filesFolder}/${randomBytes(4).toString("hex")}-${path.posix.basename(place).slice(-60)}`;
  }

  #orRefuse(place: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      throw new MlflowError(`artefact "${place}": cannot be kept: ${(error as Error).message}`, 0, "SPOOL");
    }
  }
}

/** All files below a folder, as paths relative to it with "/", sorted. Links to folders are not followed. */
export function filesBelow(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new MlflowValidationError(`folder "${folder}"`, "there is no such folder");
  const found: string[] = [];
  const visit = (inside: string): void => {
    for (const entry of readdirSync(path.join(folder, inside), { withFileTypes: true })) {
      const place = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) visit(place);
      else if (entry.isFile()) found.push(place);
      else if (entry.isSymbolicLink()) {
        if (statSync(path.join(folder, place), { throwIfNoEntry: false })?.isFile()) found.push(place);
      } else throw new MlflowValidationError(`artefact "${place}"`, "it is no regular file");
    }
  };
  visit("");
  return found.sort();
}
