import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** How far a spool was sent to one server. */
export interface SentState {
  /** Bytes of the spool that the server has acknowledged. */
  offset: number;
  runId?: string;
  experimentId?: string;
  artifactUri?: string;
  parentRunId?: string;
  /** The run's status as it was last sent. */
  status?: string;
  /** Records that the server or the client refused for good. */
  rejected: number;
  /** When this was last changed, in milliseconds since 1970. */
  time: number;
}

/** The state of one server, kept beside the spool in `sent.json`. A server is known by a name that outlives its address. */
export function readSentState(folder: string, server: string): SentState {
  return readAll(folder)[server] ?? { offset: 0, rejected: 0, time: 0 };
}

export function writeSentState(folder: string, server: string, state: SentState): void {
  const servers = { ...readAll(folder), [server]: { ...state, time: Date.now() } };
  const file = path.join(folder, "sent.json");
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify({ servers }, null, 2)}\n`);
  renameSync(beside, file);
}

/** Keeps what was refused for good, and why, in `rejected.jsonl`. */
export function noteRejected(folder: string, server: string, what: unknown, why: string): void {
  appendFileSync(path.join(folder, "rejected.jsonl"), `${JSON.stringify({ time: Date.now(), server, what, why })}\n`);
}

function readAll(folder: string): Record<string, SentState> {
  try {
    return (JSON.parse(readFileSync(path.join(folder, "sent.json"), "utf8")) as { servers: Record<string, SentState> })
      .servers;
  } catch {
    // None yet. A lost state costs a second sending, which doubles nothing.
    return {};
  }
}
