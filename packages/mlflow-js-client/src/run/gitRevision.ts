import { execFileSync } from "node:child_process";
import path from "node:path";

/** The state of a Git working tree. */
export interface GitRevision {
  /** The full hash of the commit that is checked out. */
  commit: string;
  /** Undefined where no branch is checked out. */
  branch?: string;
  /** Whether tracked files differ from the commit. */
  dirty: boolean;
  /** The address of the first remote, without credentials. */
  repositoryUrl?: string;
}

function git(folder: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      timeout: 5_000,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
      // Reading the state must not take the index's lock from someone who commits.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
    }).trim();
  } catch {
    return undefined;
  }
}

/** The address without user name, password or token. Addresses such as `git@host:path` hold none and stay. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}

/**
 * The revision of the working tree that holds the folder; undefined where there is no Git, no repository or no commit.
 * The repository's address is given without credentials.
 */
export function gitRevision(folder: string): GitRevision | undefined {
  const commit = git(folder, "rev-parse", "--verify", "HEAD");
  if (!commit) return undefined;
  const branch = git(folder, "symbolic-ref", "--quiet", "--short", "HEAD");
  const status = git(folder, "status", "--porcelain", "--untracked-files=no");
  const remote = git(folder, "remote")?.split("\n")[0];
  const url = remote && git(folder, "config", "--get", `remote.${remote}.url`);
  return {
    commit,
    ...(branch && { branch }),
    // A state that cannot be read is not called clean.
    dirty: status !== "",
    ...(url && { repositoryUrl: withoutCredentials(url) }),
  };
}

const known = new Map<string, Record<string, string>>();

/** The revision as the tags of MLflow's own clients, read once per folder; empty outside a repository. */
export function gitTags(folder: string): Record<string, string> {
  const place = path.resolve(folder);
  let tags = known.get(place);
  if (!tags) {
    const revision = gitRevision(place);
    tags = revision
      ? {
          "mlflow.source.git.commit": revision.commit,
          "mlflow.source.git.dirty": String(revision.dirty),
          ...(revision.branch && { "mlflow.source.git.branch": revision.branch }),
          ...(revision.repositoryUrl && { "mlflow.source.git.repoURL": revision.repositoryUrl }),
        }
      : {};
    known.set(place, tags);
  }
  return tags;
}
