import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A file system of a few kilobytes, in memory, for one test; undefined where this process may not mount one. */
export function smallDisk(kilobytes: number) {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder]).status === 0;
  if (!mounted) {
    rmdirSync(folder);
    return undefined;
  }
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
    rmdirSync(folder);
  });
  const ballast = path.join(folder, "ballast");
  return {
    folder,
    /** Leaves no room for a page. */
    fill() {
      for (let size = kilobytes * 1024; size >= 4096; size = Math.floor(size / 2)) {
        try {
          writeFileSync(`${ballast}-${size}`, new Uint8Array(size));
        } catch {
          rmSync(`${ballast}-${size}`, { force: true });
        }
      }
    },
    empty() {
      for (const name of readdirSync(folder).filter((one) => one.startsWith("ballast")))
        rmSync(path.join(folder, name));
    },
  };
}
