/** The program of a worker thread of `JobPool`. */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { type ExportPlace, loadExport } from "./exportPlace.js";
import type { JobHandler, JobProgram } from "./jobProgram.js";
import { packError } from "./sentError.js";

export interface WorkerTask {
  place: ExportPlace;
  options: unknown;
  nice: number;
}

async function work({ place, options, nice }: WorkerTask): Promise<void> {
  const port = parentPort!;
  let handler: JobHandler<unknown, unknown>;
  try {
    if (nice > 0) lowerPriority(nice);
    const program = await loadExport<JobProgram<unknown, unknown, unknown>>(place);
    handler = await program.start(options);
  } catch (error) {
    port.postMessage({ failed: packError(error) });
    return;
  }
  let before = Promise.resolve();
  port.on("message", ({ id, job }: { id: number; job: unknown }) => {
    before = before.then(async () => {
      try {
        port.postMessage({ id, answer: await handler.run(job) });
      } catch (error) {
        port.postMessage({ id, error: packError(error) });
      }
    });
  });
}

/** Of this thread alone, on Linux; elsewhere nothing changes. */
function lowerPriority(nice: number): void {
  try {
    const [, thread] = /\/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self")) ?? [];
    if (thread) setPriority(Number(thread), nice);
  } catch {
    // Then it runs like the others.
  }
}

void work((workerData as { task: WorkerTask }).task);
