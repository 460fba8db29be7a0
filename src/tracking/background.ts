import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { SendResult } from "mlflow-js-client";
import { mlrunsFolder as defaultMlrunsFolder, projectRoot } from "../node/paths.js";
import { trackingFolder } from "./mlflowRecorder.js";
import { serverFilePath } from "./serverFile.js";

export interface BackgroundOptions {
  runFolder: string;
  /** The project's `mlruns/` unless given. */
  mlrunsFolder?: string;
  /** How long what is left may take to send once the run has ended, in milliseconds. */
  drainMs?: number;
}

export interface BackgroundSender {
  readonly pid: number | undefined;
  /** Sends what is left and ends; answers what arrived. Never throws. Once is enough; a second call gives the same. */
  stop(): Promise<SendResult>;
}

/**
 * Sends a run's spool while it grows. This is a process of its own and not a thread: training blocks this one's event loop
 * for whole steps, a process can be given a lower priority, and its faults stay its own. It is plain Node on the client
 * package (no TypeScript loader, no TensorFlow), reads where the server is before each sending, and ends when its standard
 * input closes: that is when this process stops it or dies, however it dies.
 */
export function startBackgroundSender(options: BackgroundOptions): BackgroundSender {
  const drainMs = options.drainMs ?? 20_000;
  const mlruns = path.resolve(options.mlrunsFolder ?? defaultMlrunsFolder());
  const program = path.join(projectRoot(), "packages", "mlflow-js-client", "dist", "cli.js");
  if (!existsSync(program)) return notStarted(`${program} is not built: run \`npm run setup\``);
  const local = process.env.MLFLOW_TRACKING_URI ? [] : ["--address-file", serverFilePath(mlruns)];
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [
      ...[program, "follow", trackingFolder(options.runFolder), "--files", path.resolve(options.runFolder)],
      ...["--locks", path.join(mlruns, "locks"), "--drain-ms", String(drainMs), ...local],
    ],
    // Its own group: Ctrl-C is for the training, which then stops this in order.
    { detached: true, stdio: "pipe", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  let output = "";
  let complaint = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  child.on("error", (error) => {
    complaint += error.message;
  });
  child.stdin.on("error", () => {});
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  // Nothing of it keeps this process from ending.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
  let result: Promise<SendResult> | undefined;
  return {
    pid: child.pid,
    stop() {
      result ??= (async () => {
        child.ref();
        if (child.stdin.writable) child.stdin.end("end\n");
        await closed;
        try {
          return JSON.parse(output.trim().split("\n").at(-1)!) as SendResult;
        } catch {
          return failed(`the sending process ended early: ${complaint.trim() || "no reason given"}`);
        }
      })();
      return result;
    },
  };
}

function failed(problem: string): SendResult {
  return { sent: 0, pending: -1, rejected: 0, damaged: 0, problem };
}

function notStarted(problem: string): BackgroundSender {
  return { pid: undefined, stop: async () => failed(problem) };
}
