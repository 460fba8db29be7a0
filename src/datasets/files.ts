import { readdirSync, readFileSync, statSync } from "node:fs";
import { UserError } from "../userError.js";

/** Whether there is a folder; a symbolic link that leads nowhere, or in a circle, is none. */
export function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Base names with ending, sorted by code unit, without hidden files and folders; a folder that is not there has none.
 * @throws UserError where the folder may not be read
 */
export function filesIn(folder: string, ending: string): string[] {
  if (!isFolder(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(
        (entry) => !entry.isDirectory() && !entry.name.startsWith(".") && entry.name.toLowerCase().endsWith(ending),
      )
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    throw new UserError(`${folder}: ${fileErrorText(error)}`);
  }
}

/**
 * A small text file.
 * @throws UserError with the reason alone where it cannot be read, so that the caller names the file
 */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(fileErrorText(error));
  }
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
    default:
      return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What a folder holds, for the message that something is not in it. */
export function describeFolder(folder: string): string {
  if (!isFolder(folder)) return "there is no such folder";
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  if (names.length === 0) return "the folder is empty";
  return `it holds ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and more" : ""}`;
}
