import { parseTrackingUri } from "mlflow-js-client";
import { UserError } from "../../userError.js";

/** What an engine tells of the machines that would carry out runs. */
export interface NodesSeen {
  /** Whether any of them is another than this one. */
  remote: boolean;
  /** Some of their names, for messages. */
  examples: readonly string[];
}

/**
 * Throws UserError, before anything is submitted, where runs would be carried out on other machines and could not reach the tracking
 * server: none is named (each run would look for the local one, which listens on this machine alone), or the one named means "this
 * machine" on whichever it is read. No name is looked up: nodes may know others than this machine does.
 *
 * @param uri `MLFLOW_TRACKING_URI`
 */
export function requireReachableTracking(uri: string | undefined, nodes: NodesSeen, on: "slurm" | "ray"): void {
  const parsed = uri ? parsedUri(uri) : undefined;
  if (!nodes.remote) return;
  const host = parsed && new URL(parsed).hostname;
  if (host !== undefined && !isLoopback(host)) return;
  const [node] = nodes.examples;
  const where = `${on === "slurm" ? "Slurm" : "Ray"} carries out runs on other machines${node ? ` (${node})` : ""}`;
  const port = (parsed && new URL(parsed).port) || "5000";
  throw new UserError(
    [
      parsed
        ? `MLFLOW_TRACKING_URI=${parsed}: ${where}, and each of them takes ${host} for itself.`
        : `MLFLOW_TRACKING_URI is not set: ${where}, and the local tracking server is reached from this one alone.`,
      "Start a server on a machine that all nodes reach, and name it here (NAME: as nodes know that machine):",
      `  .venv/bin/mlflow server --host 0.0.0.0 --port ${port} --allowed-hosts NAME:${port} --backend-store-uri sqlite:////PATH/mlflow.db --artifacts-destination /PATH/artifacts`,
      `  export MLFLOW_TRACKING_URI=http://NAME:${port}`,
      "Whoever reaches that port can read and change all of it, unless the server is started with --app-name basic-auth (docs/clusters.md).",
    ].join("\n"),
  );
}

/** The tracking server in words for a plan, without names, passwords or tokens; throws UserError for what is no http address. */
export function describeTracking(uri: string | undefined): string {
  return uri ? parsedUri(uri) : "the local server (mlruns), which only this machine reaches";
}

/** Without credentials. */
function parsedUri(uri: string): string {
  try {
    return parseTrackingUri(uri).uri;
  } catch (error) {
    throw new UserError(`MLFLOW_TRACKING_URI: ${(error as Error).message}`);
  }
}

/**
 * Whether a host, as `URL` writes it (which turns 127.1 and 2130706433 into 127.0.0.1), means the machine that reads it: 127.0.0.0/8, ::1,
 * both also as IPv4 within IPv6, names of RFC 6761, those that Debian's /etc/hosts adds, and the addresses that stand for "all here".
 */
function isLoopback(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  if (/^(.+\.)?localhost$|^localhost[46]?(\.localdomain[46]?)?$|^ip6-(localhost|loopback)$/.test(name)) return true;
  if (/^127(\.\d{1,3}){3}$|^0\.0\.0\.0$|^\[::1?\]$/.test(name)) return true;
  const [, high] = /^\[::ffff:([0-9a-f]{1,4}):[0-9a-f]{1,4}\]$/.exec(name) ?? [];
  return high !== undefined && Number.parseInt(high, 16) >> 8 === 127;
}
