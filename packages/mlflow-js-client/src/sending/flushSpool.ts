import { existsSync } from "node:fs";
import path from "node:path";
import { MlflowClient } from "../client.js";
import type { Connection } from "../environment.js";
import { Sender, type SendResult, timeIsOver } from "../sender.js";
import { isSentTo, pendingRecords, readRejections, readSentState } from "../sentState.js";
import { countLines, spoolFileName, spoolSize } from "../spoolReader.js";

/** What became of the records of a run: calls that logged something. */
export interface FlushResult {
  /** Records that the server has acknowledged. */
  arrived: number;
  /** Records that it has not: they are on disk. */
  pending: number;
  /** Records that a crash or a bad disk spoiled before they were sent. */
  damaged: number;
  /** Values that the server refused for good, and why; everything else of their records arrived. */
  rejected: { what: unknown; why: string }[];
  /** Known once the server has made the run. */
  runId?: string;
  experimentId?: string;
  /** Why not everything arrived. */
  problem?: string;
}

/** What is known of a spool's sending without asking the server; undefined when its folder is gone. */
export function deliveryState(folder: string, server: string | undefined): FlushResult | undefined {
  const file = path.join(folder, spoolFileName);
  if (!existsSync(file)) return undefined;
  const state = server === undefined ? undefined : readSentState(folder, server);
  const pending = pendingRecords(folder, state);
  const damaged = state?.damaged ?? 0;
  return {
    arrived: countLines(file) - pending - damaged,
    pending,
    damaged,
    rejected: server === undefined ? [] : readRejections(folder, server).map(({ what, why }) => ({ what, why })),
    runId: state?.runId,
    experimentId: state?.experimentId,
  };
}

const longestPauseMs = 2_000;

/**
 * Sends what a spool holds at present, trying again until the time is over, whoever else sends it too. Answers the reason
 * when not all of it arrived. Never throws because of a server.
 */
export async function sendWithin(
  folder: string,
  connection: Connection,
  timeoutMs: number,
): Promise<string | undefined> {
  const target = spoolSize(path.join(folder, spoolFileName));
  const until = Date.now() + timeoutMs;
  const remainingMs = () => Math.max(1, until - Date.now());
  const there = () => !existsSync(folder) || isSentTo(readSentState(folder, connection.uri), target);
  let reason: string | undefined;
  for (let attempt = 0; ; attempt++) {
    if (there()) return undefined;
    const oneRequestMs = Math.min(connection.timeoutMs ?? Number.POSITIVE_INFINITY, Math.max(500, remainingMs()));
    const client = new MlflowClient({ ...connection, timeoutMs: oneRequestMs }, { attempts: 1 });
    const { problem, retryAfterMs = 0 } = await attemptOnce(
      new Sender({ folder, filesFolder: folder, client }),
      remainingMs(),
    );
    if (problem === undefined || there()) return undefined;
    // What stopped an earlier attempt says more.
    reason = problem === timeIsOver ? (reason ?? problem) : problem;
    // A server that asks for more time than there is would only refuse again.
    if (Date.now() + retryAfterMs >= until) return reason;
    const pauseMs = Math.min(Math.max(Math.min(100 * 2 ** attempt, longestPauseMs), retryAfterMs), remainingMs());
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function attemptOnce(sender: Sender, timeoutMs: number): Promise<Pick<SendResult, "problem" | "retryAfterMs">> {
  try {
    return await sender.send(timeoutMs);
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
