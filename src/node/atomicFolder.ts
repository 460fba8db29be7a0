import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";

/**
 * Fills a new folder beside its place, then renames it: a reader sees a whole folder or none. When writing fails nothing
 * stays; what a killed process of this machine left half-made beside it is removed by the next call.
 *
 * @param folder its place; its parent is made
 * @param write fills the folder it is given
 * @param isWhole whether a folder that stands in the place already (another process was first) is as good; else it makes way
 */
export async function writeFolderAtomic(
  folder: string,
  write: (beside: string) => Promise<void>,
  isWhole: (folder: string) => boolean,
): Promise<void> {
  const parent = path.dirname(folder);
  mkdirSync(parent, { recursive: true });
  removeAbandoned(parent);
  const beside = `${folder}.${hostLabel()}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    mkdirSync(beside);
    await write(beside);
    if (existsSync(folder)) {
      if (isWhole(folder)) return;
      rmSync(folder, { recursive: true, force: true });
    }
    try {
      renameSync(beside, folder);
    } catch (error) {
      // Another process may have been quicker since the look above.
      if (!existsSync(folder) || !isWhole(folder)) throw error;
    }
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Deletes half-made folders of processes of this machine that are gone; a living writer is left alone. */
function removeAbandoned(parent: string): void {
  for (const entry of readdirSync(parent)) {
    const [, host, pid] = /\.([^.]+)\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(entry) ?? [];
    if (host !== hostLabel() || isAlive(Number(pid))) continue;
    rmSync(path.join(parent, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function hostLabel(): string {
  return hostname().replace(/[^A-Za-z0-9-]/g, "-") || "host";
}
