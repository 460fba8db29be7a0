import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type FollowOptions, followSpool } from "../follow.js";
import type { SendResult } from "../sender.js";
import { isComplete, removeIfComplete } from "./spoolFolders.js";

/** A spool to be sent while it grows. */
export type FollowRequest = Omit<FollowOptions, "ended"> & {
  /** The server's address: when the spool has ended and arrived there, its following ends without being told to. */
  server?: string;
  /** Then its folder is removed too, unless it is to be kept. */
  removeWhenComplete?: boolean;
};

/** One line on the standard input of the sending process. */
export type FollowCommand = { follow: FollowRequest } | { finish: string };

/** One line on its standard output: the following of that folder has ended. */
export interface FollowAnswer {
  folder: string;
  result: SendResult;
}

/** A killed writer closes its pipe before it is seen to be dead. */
const deathNoticeMs = 500;
const completionCheckMs = 250;

/**
 * Follows the spools that lines of `input` name, until each is finished, complete, or `input` ends: that is when the
 * writing process is done or dead, however it died.
 */
export async function followCommands(
  input: Readable,
  answer: (line: FollowAnswer) => void,
  onFollow: (request: FollowRequest) => void = () => {},
): Promise<void> {
  const followed = new Map<string, { finish: () => void; done: Promise<void> }>();
  const follow = (request: FollowRequest): void => {
    const { folder, server, removeWhenComplete } = request;
    if (followed.has(folder)) return;
    onFollow(request);
    let finish = (): void => {};
    const ended = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const watch = setInterval(() => {
      if (server !== undefined && isComplete(folder, server)) finish();
    }, completionCheckMs);
    const run = async (): Promise<void> => {
      const result = await followSpool({ ...request, ended });
      clearInterval(watch);
      if (removeWhenComplete && server !== undefined) removeIfComplete(folder, server);
      followed.delete(folder);
      answer({ folder, result });
    };
    followed.set(folder, { finish, done: run() });
  };
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const command = JSON.parse(line) as FollowCommand;
    if ("follow" in command) follow(command.follow);
    else followed.get(command.finish)?.finish();
  });
  await once(lines, "close");
  await new Promise((resolve) => setTimeout(resolve, followed.size > 0 ? deathNoticeMs : 0));
  const rest = [...followed.values()];
  for (const { finish } of rest) finish();
  await Promise.all(rest.map(({ done }) => done));
}
