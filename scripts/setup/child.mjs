import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted, root, SetupError } from "./common.mjs";
import { heldLocks } from "./lock.mjs";

const children = new Set();
let interrupted = false;

/** From here on Ctrl-C, SIGTERM and SIGHUP end the program that works now, with all its own children, and then this one. */
export function listenForSignals() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      interrupted = true;
      for (const child of children) endGroup(child);
    });
  }
}

export function throwIfInterrupted() {
  if (interrupted) throw new Interrupted();
}

function endGroup(child) {
  const send = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // gone already
    }
  };
  send("SIGTERM");
  setTimeout(() => send("SIGKILL"), 2000).unref();
}

/**
 * Runs a program in a process group of its own, so that it can be ended whole. It holds the locks that we hold: if this process
 * is killed outright, the next set-up waits until the program that was left behind has ended. Its output is shown only when it
 * fails. Throws a SetupError that ends with what to do: `hint`, unless the output tells of a full disk or no network.
 */
export async function run(command, args, { hint, env = process.env, first = 0 }) {
  await sleep(0); // a signal that came during blocking work is heard here
  throwIfInterrupted();
  const child = spawn(command, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...heldLocks()],
  });
  children.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(first > 0 ? 0 : -20_000);
    });
  }
  const why = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `ended with ${signal ?? `code ${code}`}`));
  });
  children.delete(child);
  throwIfInterrupted();
  if (why === "") return;
  const { lines, what } = explain(output, hint, first);
  const name = [path.basename(command), ...args.filter((arg) => /^\w[\w.-]*$/.test(arg)).slice(0, 2)].join(" ");
  throw new SetupError([`${name}: ${why}`, ...lines.map((line) => `  | ${line}`), what].join("\n        "));
}

const fullDisk = /ENOSPC|No space left on device|Errno 28|EDQUOT|quota exceeded/i;
const noNetwork =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|Connection refused|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Name or service not known|name resolution|error sending request|Failed to fetch|Network is unreachable/i;

/** What a program said, shortened to what a reader needs, and what to do about it. */
export function explain(output, hint, first = 0) {
  const usage = output.search(/^npm error Clean install a project/m); // npm's list of all its options follows
  const lines = (usage < 0 ? output : output.slice(0, usage))
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^npm (error|warn) ?/, "").trimEnd())
    .filter((line) => line !== "" && !/^(A complete log|\[notice\]|Unknown user config)/.test(line));
  const some = (count) => (first > 0 ? lines.slice(0, first) : lines.slice(-count));
  const again = "Nothing needs cleaning: run the same command again.";
  if (fullDisk.test(output))
    return {
      lines: some(2),
      what: "The disk is full. Make room and run the same command again; nothing needs cleaning.",
    };
  if (noNetwork.test(output)) {
    // The sentence, not the bare codes around it.
    const telling = lines.filter((line) => noNetwork.test(line)).sort((a, b) => b.length - a.length);
    return {
      lines: telling.slice(0, 1).map((line) => line.trim().slice(0, 200)),
      what: `The package registry cannot be reached. Is there a network, or a proxy to set? ${again}`,
    };
  }
  return { lines: some(10), what: hint ?? again };
}
