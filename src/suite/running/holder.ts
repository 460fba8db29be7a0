import { readFileSync, readlinkSync } from "node:fs";
import { identityOf, isRunning, type ProcessIdentity } from "mlflow-js-client";

/** A process that has taken work, so that others can tell whether it still runs. */
export interface Holder extends ProcessIdentity {
  /** Of the machine since it was started, and of what numbers its processes: a process number means something only there. */
  machine: string;
}

/** This process. */
export function thisHolder(): Holder {
  return { ...identityOf(), machine: thisMachine() };
}

/** Whether a process runs; "unseen" where it is of another machine, or of this one before it was started anew. */
export function fateOf(holder: Holder): "runs" | "gone" | "unseen" {
  const { host, machine } = thisHolder();
  if (holder.host !== host || holder.machine !== machine) return "unseen";
  return isRunning(holder) ? "runs" : "gone";
}

export function describeHolder({ pid, host }: Holder): string {
  return `process ${pid} on ${host}`;
}

let known: string | undefined;

function thisMachine(): string {
  known ??= [
    () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    // Two containers of one machine may have one name and count their processes apart.
    () => readlinkSync("/proc/self/ns/pid"),
  ]
    .map(orNothing)
    .join(" ");
  return known;
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
