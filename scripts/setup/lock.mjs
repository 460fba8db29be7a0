import fs from "node:fs";
import path from "node:path";

/**
 * Runs `work` while holding `file` as a lock between processes; returns at once when `done()` turns true, also while waiting.
 * The lock appears whole (a hard link), holds the pid of its owner, and is taken over from a process that is gone.
 */
export function locked(file, done, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  let told = false;
  for (;;) {
    if (done()) return;
    fs.writeFileSync(mine, String(process.pid));
    try {
      fs.linkSync(mine, file);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    } finally {
      fs.rmSync(mine, { force: true });
    }
    if (!ownerLives(file)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!told) console.error("[setup] another set-up is at work; waiting for it");
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
  try {
    if (!done()) work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function ownerLives(file) {
  let pid;
  try {
    pid = Number(fs.readFileSync(file, "utf8"));
  } catch {
    return false; // given back in between
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  try {
    // A pid may have been given to another program since.
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("setup");
  } catch {
    return true;
  }
}
