import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SendResult } from "../sender.js";
import type { FollowAnswer, FollowCommand, FollowRequest } from "./followCommands.js";

/** The compiled program of this package: in `dist/`, whether this file runs from there or as TypeScript. */
export function senderProgram(): string {
  const above = fileURLToPath(new URL("../cli.js", import.meta.url));
  return existsSync(above) ? above : path.join(path.dirname(above), "..", "dist", "cli.js");
}

/**
 * Sends spools while they grow, in a process of its own: training blocks the event loop of this one for whole steps, and
 * the other outlives this one, however it ends. Nothing of it keeps this process from ending.
 */
export class SenderProcess {
  readonly pid: number | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<void>;
  readonly #waiting = new Map<string, (result: SendResult) => void>();
  readonly #results = new Map<string, Promise<SendResult>>();
  #complaint = "";
  #alive = true;

  /** @param environment of the process: where the server is and how to be let in; this process's unless given */
  constructor(environment: Record<string, string | undefined> = process.env) {
    const args = [senderProgram(), "follow", "--commands"];
    // Its own group: Ctrl-C is for the program, whose end then ends this in order.
    const options = { detached: true, stdio: "pipe", env: { ...environment, NODE_OPTIONS: "" } } as const;
    const child = spawn(process.execPath, args, { ...options, windowsHide: true });
    this.#child = child;
    this.pid = child.pid;
    createInterface({ input: child.stdout }).on("line", (line) => this.#answered(line));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2_000);
    });
    child.stdin.on("error", () => {});
    this.#closed = new Promise((resolve) => {
      const end = (error?: unknown): void => {
        if (error instanceof Error) this.#complaint += error.message;
        this.#alive = false;
        const problem = `the sending process ended early: ${this.#complaint.trim() || "no reason given"}`;
        for (const settle of this.#waiting.values()) settle(unsent(problem));
        this.#waiting.clear();
        resolve();
      };
      child.once("close", end);
      child.once("error", end);
    });
    this.#hold(false);
  }

  /** Whether the process still runs. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Whether a spool is being sent. */
  follows(folder: string): boolean {
    return this.#alive && this.#waiting.has(folder);
  }

  /** Starts to send a spool. Answers the last result once it has been finished, or is complete. Never rejects. */
  follow(request: FollowRequest): Promise<SendResult> {
    const { folder } = request;
    const result = this.#alive
      ? new Promise<SendResult>((resolve) => this.#waiting.set(folder, resolve))
      : Promise.resolve(unsent("the sending process is not running"));
    this.#results.set(folder, result);
    this.#command({ follow: request });
    return result;
  }

  /** Sends what is left of a spool within its time and stops to follow it; keeps this process alive meanwhile. */
  async finish(folder: string): Promise<SendResult> {
    const result = this.#results.get(folder);
    if (!result) return unsent("this spool is not being sent");
    this.#hold(true);
    this.#command({ finish: folder });
    try {
      return await result;
    } finally {
      if (this.#waiting.size === 0) this.#hold(false);
    }
  }

  /** Ends the process when it has nothing left to do; keeps this process alive meanwhile. */
  async close(): Promise<void> {
    this.#hold(true);
    this.#child.stdin.end();
    await this.#closed;
  }

  #answered(line: string): void {
    try {
      const { folder, result } = JSON.parse(line) as FollowAnswer;
      this.#waiting.get(folder)?.(result);
      this.#waiting.delete(folder);
    } catch {
      this.#complaint = (this.#complaint + line).slice(-2_000);
    }
  }

  #command(command: FollowCommand): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  #hold(hold: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const one of [this.#child, stdin, stdout, stderr] as unknown as { ref(): void; unref(): void }[])
      if (hold) one.ref();
      else one.unref();
  }
}

function unsent(problem: string): SendResult {
  return { sent: 0, pending: -1, rejected: 0, damaged: 0, problem };
}

/** The sending of one spool in a process of its own. */
export interface BackgroundSender {
  readonly pid: number | undefined;
  /** Sends what is left and ends; answers what arrived. Never throws. Once is enough; a second call gives the same. */
  stop(): Promise<SendResult>;
}

/** Sends one spool while it grows, in a process of its own that ends with this one, or when it is stopped. */
export function startBackgroundSender(
  request: FollowRequest,
  environment: Record<string, string | undefined> = process.env,
): BackgroundSender {
  if (!existsSync(senderProgram()))
    return { pid: undefined, stop: async () => unsent(`${senderProgram()} is missing: build the package`) };
  const sender = new SenderProcess(environment);
  void sender.follow(request);
  let result: Promise<SendResult> | undefined;
  return {
    pid: sender.pid,
    stop() {
      result ??= sender.finish(request.folder).then(async (last) => {
        await sender.close();
        return last;
      });
      return result;
    },
  };
}
