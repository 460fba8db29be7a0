import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../userError.js";

/** Takes what is odd about a file or folder: its path, and the rest of a sentence that begins with it. */
export type ReportFile = (file: string, what: string) => void;

/** Whether something has this name, be it a link that leads nowhere. */
export function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is a folder; a symbolic link that leads nowhere, or in a circle, is none. */
export function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Why what has this name is no folder that can be listed; undefined where it is one, and where there is nothing. */
export function folderTrouble(folder: string): string | undefined {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isDirectory()) return "is a file where a folder was expected";
    readdirSync(folder);
    return undefined;
  } catch (error) {
    return fileErrorText(error);
  }
}

/**
 * Base names with ending, sorted by code unit, without hidden files; a folder that is not there has none.
 * @param report takes a folder that cannot be listed, and folders whose name has the ending
 * @throws UserError where the folder may not be read and there is no `report`
 */
export function filesIn(folder: string, ending: string, report?: ReportFile): string[] {
  if (!isFolder(folder)) {
    const trouble = report && folderTrouble(folder);
    if (trouble) report(folder, trouble);
    return [];
  }
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!report) throw new UserError(`${folder}: ${fileErrorText(error)}`);
    report(folder, fileErrorText(error));
    return [];
  }
  const named = entries.filter(({ name }) => !name.startsWith(".") && name.toLowerCase().endsWith(ending));
  for (const { name } of named.filter((entry) => entry.isDirectory())) {
    report?.(path.join(folder, name), "is a folder where a file was expected");
  }
  return named
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** No annotation or list comes near this. */
const MOST_TEXT_BYTES = 16 << 20;

/**
 * A small text file.
 * @throws UserError with the reason alone where it cannot be read, so that the caller names the file
 */
export function readText(file: string): string {
  try {
    const found = statSync(file);
    const trouble = notAFile(found);
    if (trouble) throw new UserError(trouble);
    if (found.size > MOST_TEXT_BYTES) {
      throw new UserError(
        `has ${found.size.toLocaleString("en")} bytes; expected a small text file, so it was not read`,
      );
    }
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(fileErrorText(error));
  }
}

/** Why there is no file of this name; undefined where there is one (which does not say that it may be read). */
export function fileTrouble(file: string): string | undefined {
  try {
    return notAFile(statSync(file));
  } catch (error) {
    return fileErrorText(error);
  }
}

/** Folders, and pipes and devices, which might never end. */
export function notAFile(found: { isFile(): boolean; isDirectory(): boolean }): string | undefined {
  if (found.isDirectory()) return "is a folder where a file was expected";
  return found.isFile() ? undefined : "is no ordinary file";
}

/** What an error of the file system means, as the end of a sentence that names the file. */
export function fileErrorText(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "may not be read (permission denied); give yourself read access, such as with chmod u+r";
    case "ENOENT":
      return "is missing, or a symbolic link that leads nowhere";
    case "ELOOP":
      return "is a symbolic link that leads in a circle";
    case "EISDIR":
      return "is a folder where a file was expected";
    case "ENOTDIR":
      return "is below a file where a folder was expected";
    default:
      return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What a folder holds, for the message that something is not in it. */
export function describeFolder(folder: string): string {
  const trouble = folderTrouble(folder);
  if (trouble) return `it ${trouble}`;
  if (!isFolder(folder)) return "there is no such folder";
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  if (names.length === 0) return "the folder is empty";
  return `it holds ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and more" : ""}`;
}

/** Path below the root with forward slashes, for problems; a path that is not below it stays as it is. */
export function pathBelow(root: string, file: string): string {
  const below = path.relative(root, file);
  return below.startsWith("..") || path.isAbsolute(below) ? file : below.split(path.sep).join("/");
}
