import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";

/** The commit that runs, with "+changes" where tracked files differ from it; "unknown" outside a checkout. */
export function codeRevision(): string {
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head === undefined) return "unknown";
  // A state that cannot be read is not called clean.
  return head + (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+changes");
}

/** The same for the tracker: `codeRevision`, `codeDirty` ("unknown" outside a checkout), and the tags of MLflow's own clients. */
export function revisionTags(revision: string): Record<string, string> {
  if (revision === "unknown") return { codeRevision: revision, codeDirty: revision };
  const dirty = String(revision.endsWith("+changes"));
  const branch = git("symbolic-ref", "--quiet", "--short", "HEAD");
  return {
    ...{ codeRevision: revision, codeDirty: dirty },
    ...{ "mlflow.source.git.commit": git("rev-parse", "HEAD") ?? revision, "mlflow.source.git.dirty": dirty },
    ...(branch && { "mlflow.source.git.branch": branch }),
  };
}

function git(...args: string[]): string | undefined {
  // Looking must not take the index's lock from someone who commits.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0" };
  const { status, stdout } = spawnSync("git", args, { cwd: projectRoot(), encoding: "utf8", env });
  return status === 0 ? stdout.trim() : undefined;
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
