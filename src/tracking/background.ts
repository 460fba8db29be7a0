import path from "node:path";
import { type BackgroundSender, startBackgroundSender as startSender } from "mlflow-js-client";
import { mlrunsFolder as defaultMlrunsFolder } from "../node/paths.js";
import { serverFilePath } from "./serverFile.js";
import { trackingFolder } from "./trackedRun.js";

export type { BackgroundSender };

export interface BackgroundOptions {
  runFolder: string;
  /** The project's `mlruns/` unless given. */
  mlrunsFolder?: string;
  /** How long what is left may take to send once the run has ended, in milliseconds. */
  drainMs?: number;
}

/**
 * Sends a run's spool while it grows, in a process of the client's own: training blocks this one's event loop for whole steps. It reads
 * where the local server is before each sending, and ends when this process stops it or dies, however it dies.
 */
export function startBackgroundSender({
  runFolder,
  mlrunsFolder,
  drainMs = 20_000,
}: BackgroundOptions): BackgroundSender {
  const mlruns = path.resolve(mlrunsFolder ?? defaultMlrunsFolder());
  return startSender({
    folder: path.resolve(trackingFolder(runFolder)),
    filesFolder: path.resolve(runFolder),
    lockFolder: path.join(mlruns, "locks"),
    ...(process.env.MLFLOW_TRACKING_URI ? {} : { addressFile: serverFilePath(mlruns) }),
    drainMs,
  });
}
