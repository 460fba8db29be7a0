import { spawnSync } from "node:child_process";
import { projectRoot } from "../node/paths.js";

/** The commit that runs, with "+changes" where tracked files differ from it; "unknown" outside a checkout. */
export function codeRevision(): string {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: projectRoot(), encoding: "utf8" });
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head.status !== 0) return "unknown";
  const changes = git("status", "--porcelain", "--untracked-files=no");
  return head.stdout.trim() + (changes.stdout.trim() === "" ? "" : "+changes");
}
