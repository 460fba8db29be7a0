import { MlflowError } from "./errors.js";

/** Two relative paths put together; each may be empty. */
export function joined(folder: string, path: string): string {
  return folder === "" || path === "" ? folder + path : `${folder}/${path}`;
}

/**
 * Refuses a path that a server names and that must not become one on this machine: absolute, upwards, of another system, or
 * not a text. Throws `MlflowError` with code "UNSAFE_PATH".
 */
export function checkReceivedPath(path: unknown): asserts path is string {
  const safe =
    typeof path === "string" &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
    !/[\\\p{Cc}]/u.test(path) &&
    !/^[a-z]:/i.test(path);
  if (safe) return;
  const shown = JSON.stringify(path)?.slice(0, 100) ?? "nothing";
  throw new MlflowError(`the server names an artefact ${shown}, which is no path below a folder`, 0, "UNSAFE_PATH");
}
