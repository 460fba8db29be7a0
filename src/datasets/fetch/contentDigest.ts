import { createHash } from "node:crypto";

/** A file in its place. */
export interface PlacedFile {
  /** Path within the data set's folder, with forward slashes. */
  path: string;
  bytes: number;
  /** SHA-256 of its content, hexadecimal. */
  sha256: string;
}

/**
 * One digest of many files: SHA-256 over the lines "path sha256", sorted by path, each with a line feed. The order of the given files
 * does not matter.
 * @param below only files under this folder, their paths taken relative to it; all by default
 */
export function contentDigest(files: readonly Pick<PlacedFile, "path" | "sha256">[], below = ""): string {
  const prefix = below === "" ? "" : `${below}/`;
  const hash = createHash("sha256");
  const inside = files.filter(({ path }) => path.startsWith(prefix));
  for (const { path, sha256 } of [...inside].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${path.slice(prefix.length)} ${sha256}\n`);
  }
  return hash.digest("hex");
}
