import { readFileSync } from "node:fs";
import path from "node:path";
import { MlflowClient } from "./client.js";
import { type Connection, connectionFromEnvironment } from "./environment.js";
import { Sender, type SendResult } from "./sender.js";

export interface FollowOptions {
  /** The folder of the spool. */
  folder: string;
  filesFolder?: string;
  lockFolder?: string;
  /**
   * A JSON file `{uri, server}` that says where the server is now and how it is called; read anew before each sending, so
   * a server that comes back elsewhere is found. Without it the address is taken from `MLFLOW_TRACKING_URI`.
   */
  addressFile?: string;
  /** How often to look for new records, in milliseconds; 500 unless given. */
  intervalMs?: number;
  /** Resolves when the writer has ended: then what is left is sent, and the following ends. */
  ended: Promise<void>;
  /** How long that last sending may take, in milliseconds; 10 seconds unless given. */
  drainMs?: number;
}

const longestPauseMs = 15_000;

/** Sends a growing spool until its writer has ended. Never throws because of a server; answers the last result, with all that was sent. */
export async function followSpool(options: FollowOptions): Promise<SendResult> {
  let ended = false;
  let wake = (): void => {};
  void options.ended.then(() => {
    ended = true;
    wake();
  });
  const pause = async (ms: number): Promise<void> => {
    if (ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };
  let failures = 0;
  let sent = 0;
  let at = "";
  let sender: Sender | undefined;
  const attempt = async (timeoutMs: number, attempts: number): Promise<SendResult> => {
    const { connection, server } = whereNow(options.addressFile);
    const place = JSON.stringify([connection, server]);
    if (!sender || place !== at) {
      const { folder, filesFolder, lockFolder } = options;
      const client = new MlflowClient(connection, { attempts });
      sender = new Sender({ folder, filesFolder, lockFolder, client, server });
      at = place;
    }
    if (!ended && !sender.hasWork()) return { sent: 0, pending: 0, rejected: 0, damaged: 0 };
    return sender.send(timeoutMs);
  };
  const guarded = async (timeoutMs: number, attempts: number): Promise<SendResult> => {
    try {
      const result = await attempt(timeoutMs, attempts);
      sent += result.sent;
      return { ...result, sent };
    } catch (error) {
      return { sent, pending: -1, rejected: 0, damaged: 0, problem: (error as Error).message };
    }
  };
  while (!ended) {
    const result = await guarded(Number.POSITIVE_INFINITY, 1);
    failures = result.problem ? failures + 1 : 0;
    const interval = options.intervalMs ?? 500;
    await pause(Math.min(interval * 2 ** Math.min(failures, 10), Math.max(longestPauseMs, interval)));
  }
  sender = undefined;
  return guarded(options.drainMs ?? 10_000, 2);
}

function whereNow(addressFile: string | undefined): { connection: Connection; server?: string } {
  if (addressFile === undefined) return { connection: connectionFromEnvironment() };
  let text: string;
  try {
    text = readFileSync(addressFile, "utf8");
  } catch {
    throw new Error(`no server has been started yet (${path.basename(addressFile)} is missing)`);
  }
  const { uri, server } = JSON.parse(text) as { uri: string; server?: string };
  return { connection: connectionFromEnvironment(process.env, uri), server };
}
