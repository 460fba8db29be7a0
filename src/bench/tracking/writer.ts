import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type BackgroundSender, startBackgroundSender } from "../../tracking/background.js";
import { createRecorder, type MlflowRecorder } from "../../tracking/mlflowRecorder.js";
import { trackedRun } from "../../tracking/trackedRun.js";
import { peakMegabytes, say } from "../answerRounds.js";
import type { Round } from "../contestant.js";

/** What a writer is told when it is started. */
export interface WriterOptions {
  /** Where the local server is, and runs are. */
  mlrunsFolder: string;
  /** Differs from that of other writers. */
  name: string;
  /** The experiment of its runs. */
  experiment: string;
}

/** Metrics of one step, as an epoch of a run has them. */
export const KEYS = Array.from({ length: 10 }, (_, i) => `made-up/${i}`);

/** How long what is left may take to send. */
const DRAIN_MS = 280_000;

/**
 * A writer of metric points as runs are: a spool, and its sender in a process of its own. On "0" it begins a run and waits until the server
 * has it; on a number it writes so many points, ends the run, and answers when the server has acknowledged all of them.
 */
export async function runWriter({ mlrunsFolder, name, experiment }: WriterOptions): Promise<void> {
  let run: { recorder: MlflowRecorder; sender: BackgroundSender } | undefined;
  let runs = 0;
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "quit") break;
    const before = process.cpuUsage();
    const started = performance.now();
    if (Number(line) === 0)
      run = await begin(path.join(mlrunsFolder, "runs", `${name}-${runs++}`), { mlrunsFolder, experiment });
    else if (run) await write(run, Number(line));
    const { user, system } = process.cpuUsage(before);
    const seconds = [(performance.now() - started) / 1000];
    say({ seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMegabytes(), loss: 0 } satisfies Round);
  }
}

async function begin(
  runFolder: string,
  { mlrunsFolder, experiment }: Pick<WriterOptions, "mlrunsFolder" | "experiment">,
) {
  const recorder = createRecorder({ runFolder, experimentName: experiment, runName: path.basename(runFolder) });
  const sender = startBackgroundSender({ runFolder, mlrunsFolder, drainMs: DRAIN_MS });
  while (trackedRun(runFolder) === undefined) await pause(20);
  return { recorder, sender };
}

async function write({ recorder, sender }: { recorder: MlflowRecorder; sender: BackgroundSender }, points: number) {
  for (let step = 0; step * KEYS.length < points; step++) {
    const keys = KEYS.slice(0, points - step * KEYS.length);
    recorder.metrics(Object.fromEntries(keys.map((key, i) => [key, step + i / 10])), step);
  }
  recorder.end("FINISHED");
  const { pending, rejected, damaged, problem } = await sender.stop();
  if (pending !== 0 || rejected > 0 || damaged > 0)
    throw new Error(`not all was sent: ${pending} records pending, ${rejected} values refused: ${problem ?? ""}`);
}
