import { randomBytes } from "node:crypto";
import { constants, copyFileSync, linkSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { syncFolder, writeFileSynced } from "./atomicFile.js";

/**
 * Makes a file that is not there yet, whole and on the disk itself. Of several processes that try at once, on whichever machines share
 * the folder, one succeeds. Missing parent folders are made. Throws what the file system throws.
 *
 * @returns whether it was this call
 */
export function createOnce(file: string, content: string): boolean {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  const beside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSynced(beside, content);
    if (!place(beside, file)) return false;
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(folder);
  return true;
}

/** By a link, which fails where something is; some file systems have none, there an exclusive copy must do. */
function place(beside: string, file: string): boolean {
  const unlessThere = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  };
  try {
    return unlessThere(() => linkSync(beside, file));
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    return unlessThere(() => copyFileSync(beside, file, constants.COPYFILE_EXCL));
  }
}
