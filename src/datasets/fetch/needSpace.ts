import { statfs } from "node:fs/promises";
import { UserError } from "../../userError.js";

/**
 * Refuses work for which the disk has no room, before it begins.
 * @param folder must exist
 * @param what the work, as the beginning of a sentence
 * @throws UserError (exit code 1) with what is needed and what is free
 */
export async function needSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new UserError(
    `${what} needs about ${gigabytes(bytes)} in ${folder}, ${gigabytes(bavail * bsize)} are free. Free some space and run the same command again, or choose another folder with --data DIR.`,
    1,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
