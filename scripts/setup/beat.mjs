import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";

/**
 * The thread that keeps a lease fresh: adds a point to its file, and never makes the file. Where it is gone, another has taken over since this
 * process stood still for too long: then set-up ends as by SIGTERM, with the programs that it started.
 */
const { file, beatMs } = workerData;
for (;;) {
  await sleep(beatMs);
  try {
    const descriptor = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_APPEND);
    fs.writeSync(descriptor, ".");
    fs.closeSync(descriptor);
  } catch (error) {
    if (error.code !== "ENOENT") continue; // a full disk, a file server that is restarting
    fs.writeSync(2, "[setup] this set-up stood still so long that another one took over\n"); // now: a thread's console is heard later
    process.kill(process.pid, "SIGTERM");
    break;
  }
}
