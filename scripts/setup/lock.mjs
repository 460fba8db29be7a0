import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { read, SetupError, say } from "./common.mjs";
import { takeLease } from "./lease.mjs";

const held = [];

/** File descriptors of the locks held now, for a child that shall hold them too. */
export const heldLocks = () => [...held];

/**
 * Runs `work` while holding `file` as a lock between processes, of this machine and of others that share the disk; returns at once when
 * `done()` turns true, also while waiting. It is two locks. The kernel's own (flock, on an open file that we share with the `flock`
 * program) ends with the last process that holds it, whatever was killed; but on a shared disk it may be this machine's alone (NFS with
 * `nolock`, Lustre with `localflock`, BeeGFS by default), or be refused. So a lease is held beside it, which says nothing of processes and
 * lapses when nobody renews it. The file itself stays and means nothing.
 */
export async function locked(file, done, work, goOn = () => {}, lease = {}) {
  if (done()) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = fs.openSync(file, "a+");
  let release;
  try {
    const wait = patience(goOn);
    let kernel = askKernel(descriptor, file);
    for (; kernel === "busy"; kernel = askKernel(descriptor, file)) {
      await wait(read(file).trim());
      if (done()) return;
    }
    held.push(descriptor);
    // Who has the kernel's lock on this open file system knows that whoever had it before has ended.
    const domain = `${lease.boot ?? bootId()} ${fs.fstatSync(descriptor).dev}`;
    const me = { domain, holder: `process ${process.pid} on ${os.hostname()}` };
    release = await takeLease(`${file}.lease`, me, kernel === "taken", lease, async (holder) => {
      await wait(holder);
      return done();
    });
    if (!release) return;
    fs.ftruncateSync(descriptor);
    fs.writeSync(descriptor, `${me.holder}\n`);
    if (!done()) await work();
  } finally {
    await release?.();
    if (held.includes(descriptor)) held.splice(held.indexOf(descriptor), 1);
    fs.closeSync(descriptor);
  }
}

/** Says once who is waited for. Pauses grow: a hundred nodes that wait shall not keep a file server busy. */
function patience(goOn) {
  let pause = 300;
  let told = false;
  return async (holder) => {
    if (!told) say(`another set-up is at work (${holder || "process unknown"}); waiting for it`);
    told = true;
    await sleep(pause);
    pause = Math.min(3000, pause * 1.2);
    goOn();
  };
}

/** "taken", "busy", or "none" where the file system has no such locks. */
function askKernel(descriptor, file) {
  const { status, error } = spawnSync("flock", ["--nonblock", "--exclusive", "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
  });
  if (error) throw new SetupError(`cannot lock ${file}: ${error.message}`);
  if (status === 0) return "taken";
  // Ended by a signal: by Ctrl-C, which is noticed while waiting.
  return status === 1 || status === null ? "busy" : "none";
}

/** Changes with each start of a machine; containers of one machine share its kernel and have the same. */
const bootId = () => read("/proc/sys/kernel/random/boot_id").trim() || os.hostname();
