import type { EventEmitter } from "node:events";
import type { RunEndStatus } from "./runOptions.js";

/** What is told when this process ends. */
export interface EndOfProcess {
  /** Ends the runs that are open, at once. */
  endOpenRuns(status: RunEndStatus, error?: unknown): void;
  /** Whether something is still to be sent, or a sending process to be ended. */
  readonly busy: boolean;
  /** Sends what is left, within a bounded time, and says what did not arrive. */
  drain(): Promise<void>;
  /** The same where nothing can be awaited any more: waits for the sending process, and says what did not arrive. */
  drainBlocking(): void;
}

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

const watched = new Set<EndOfProcess>();
let installed = false;
let uncaught: unknown;
let signal: NodeJS.Signals | undefined;

/**
 * Sees to it that runs end with the process: finished or failed by its exit code, failed with an uncaught exception,
 * killed by a signal. Changes nothing about how the process ends: exceptions and signals stay the program's.
 */
export function watchProcess(one: EndOfProcess): void {
  watched.add(one);
  if (installed) return;
  installed = true;
  process.on("uncaughtExceptionMonitor", (error) => {
    // Where the program handles it, it is no end.
    if (process.listenerCount("uncaughtException") === 0 && !process.hasUncaughtExceptionCaptureCallback())
      uncaught = error ?? new Error("an exception without a value");
  });
  process.on("beforeExit", (code) => {
    for (const each of watched) each.endOpenRuns(code === 0 ? "FINISHED" : "FAILED");
    for (const each of watched) if (each.busy) void each.drain();
  });
  process.on("exit", (code) => {
    for (const each of watched) each.endOpenRuns(statusOf(code), uncaught);
    for (const each of watched) if (each.busy) each.drainBlocking();
  });
  for (const name of signals) if (process.listenerCount(name) > 0) noteSignal(name);
  // A signal that the program does not listen to ends it at once, as ever: the sending process marks its runs as killed.
  (process as EventEmitter).on("newListener", (event: string) => {
    if (signals.includes(event as NodeJS.Signals)) noteSignal(event as NodeJS.Signals);
  });
}

function statusOf(code: number): RunEndStatus {
  if (uncaught !== undefined) return "FAILED";
  if (signal !== undefined) return "KILLED";
  return code === 0 ? "FINISHED" : "FAILED";
}

const noted = new Set<NodeJS.Signals>();

/** Hears a signal before the program's own listeners, for as long as there are some. */
function noteSignal(name: NodeJS.Signals): void {
  if (noted.has(name)) return;
  noted.add(name);
  const hear = (): void => {
    signal = name;
  };
  process.prependListener(name, hear);
  const stepBack = (event: string | symbol, listener: unknown): void => {
    if (event !== name) return;
    if (listener === hear) {
      noted.delete(name);
      (process as EventEmitter).removeListener("removeListener", stepBack);
    } else if (process.listenerCount(name) === 1 && process.listeners(name)[0] === hear)
      process.removeListener(name, hear);
  };
  (process as EventEmitter).on("removeListener", stepBack);
}
