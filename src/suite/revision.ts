import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";

/** The commit that runs, with "+changes" where tracked files differ from it; "unknown" outside a checkout. */
export function codeRevision(): string {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: projectRoot(), encoding: "utf8" });
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head.status !== 0) return "unknown";
  const changes = git("status", "--porcelain", "--untracked-files=no");
  return head.stdout.trim() + (changes.stdout.trim() === "" ? "" : "+changes");
}

/** Digest of the code that computes (`src/`, `native/`, the lock file), committed or not: 16 hexadecimal digits. */
export function codeDigest(root = projectRoot()): string {
  const hash = createHash("sha256");
  for (const file of ["src", "native", "package-lock.json"].flatMap((place) => filesBelow(path.join(root, place))))
    hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(place: string): string[] {
  if (!existsSync(place)) return [];
  try {
    return readdirSync(place)
      .sort()
      .flatMap((name) => filesBelow(path.join(place, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [place];
    throw error;
  }
}
