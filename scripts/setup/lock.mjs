import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError, say } from "./common.mjs";

const held = [];

/** File descriptors of the locks held now, for a child that shall hold them too. */
export const heldLocks = () => [...held];

/**
 * Runs `work` while holding `file` as a lock between processes; returns at once when `done()` turns true, also while waiting.
 * The lock is the kernel's own (flock, on an open file that we share with the `flock` program): it ends with the last process that
 * holds it, so there is no stale lock, whatever was killed. The file itself stays and means nothing.
 */
export async function locked(file, done, work, goOn = () => {}) {
  if (done()) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = fs.openSync(file, "a+");
  try {
    for (let told = false; !taken(descriptor, file); told = true) {
      if (!told)
        say(`another set-up is at work (process ${fs.readFileSync(file, "utf8").trim() || "unknown"}); waiting for it`);
      await sleep(300);
      goOn();
      if (done()) return;
    }
    fs.ftruncateSync(descriptor);
    fs.writeSync(descriptor, `${process.pid}\n`);
    held.push(descriptor);
    if (!done()) await work();
  } finally {
    if (held.includes(descriptor)) held.splice(held.indexOf(descriptor), 1);
    fs.closeSync(descriptor);
  }
}

function taken(descriptor, file) {
  const { status, error, stderr } = spawnSync("flock", ["--nonblock", "--exclusive", "3"], {
    stdio: ["ignore", "ignore", "pipe", descriptor],
    encoding: "utf8",
  });
  if (status === 0) return true;
  if (status === 1) return false;
  throw new SetupError(`cannot lock ${file}: ${error?.message ?? stderr.trim()}`);
}
