import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type GitRevision, gitRevision } from "mlflow-js-client";
import { projectRoot } from "../node/paths.js";

/** The commit that runs, with "+changes" where tracked files differ from it; "unknown" outside a checkout. */
export function codeRevision(revision: GitRevision | undefined = gitRevision(projectRoot())): string {
  return revision ? revision.commit.slice(0, 12) + (revision.dirty ? "+changes" : "") : "unknown";
}

/** The same for the tracker: `codeRevision`, `codeDirty` ("unknown" outside a checkout), and the tags of MLflow's own clients. */
export function revisionTags(): Record<string, string> {
  const revision = gitRevision(projectRoot());
  if (!revision) return { codeRevision: "unknown", codeDirty: "unknown" };
  const { commit, branch, dirty } = revision;
  return {
    ...{ codeRevision: codeRevision(revision), codeDirty: String(dirty) },
    ...{ "mlflow.source.git.commit": commit, "mlflow.source.git.dirty": String(dirty) },
    ...(branch && { "mlflow.source.git.branch": branch }),
  };
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
