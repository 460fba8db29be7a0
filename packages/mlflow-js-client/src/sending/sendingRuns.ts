import { existsSync } from "node:fs";
import path from "node:path";
import type { Connection } from "../environment.js";
import type { ActiveRun } from "../run/activeRun.js";
import type { SendResult } from "../sender.js";
import { SenderProcess, senderProgram } from "./backgroundSender.js";
import { deliveryState } from "./flushSpool.js";
import { InlineSender } from "./inlineSender.js";
import { isComplete } from "./spoolFolders.js";

export interface SendingOptions {
  connection: Connection;
  /** From this process instead of one of its own. */
  inline: boolean;
  drainMs: number;
  notify: (message: string) => void;
}

/** How long the end of a process that cannot wait otherwise may be held up. */
const blockingMs = 2_000;
/** A sending process without work is kept this long: the next run may start soon. */
const idleMs = 5_000;
/** A sending process that was killed is started again this often. */
const allowedDeaths = 3;

/** Sends the spools of this process's runs, until each has ended and arrived, or the process ends. */
export class SendingRuns {
  readonly #options: SendingOptions;
  readonly #runs = new Map<string, ActiveRun>();
  #sender: SenderProcess | InlineSender | undefined;
  #draining = false;
  /** Sending processes that died: each counts once, however many runs it sent. */
  readonly #dead = new Set<SenderProcess | InlineSender>();
  #idle: NodeJS.Timeout | undefined;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /** The runs whose sending is not over. */
  get runs(): ActiveRun[] {
    return [...this.#runs.values()];
  }

  get busy(): boolean {
    return this.#runs.size > 0 || this.#sender !== undefined;
  }

  /** Begins to send a run. */
  add(run: ActiveRun): void {
    const { connection, drainMs } = this.#options;
    const { folder } = run;
    this.#runs.set(folder, run);
    clearTimeout(this.#idle);
    const request = { folder, filesFolder: folder, server: connection.uri, drainMs, removeWhenComplete: true };
    // A copy: the connection itself hides its secrets when it is turned into JSON.
    const sender = this.#begin();
    const following = sender.follow({ ...request, connection: { ...connection } });
    void following.then((result) => this.#over(run, result, sender));
  }

  /** Sends what is left, within the time, and says what did not arrive. */
  async drain(): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#idle);
    const runs = this.runs;
    const sender = this.#sender;
    const results = await Promise.all(runs.map((run) => this.#finish(run)));
    for (const [index, run] of runs.entries()) this.#report(run, results[index]!.problem);
    await sender?.close();
    if (this.#sender === sender) this.#sender = undefined;
    for (const run of runs) if (this.#runs.get(run.folder) === run) this.#runs.delete(run.folder);
    this.#draining = false;
  }

  /** Waits for the sending process where no event can be awaited, and says what did not arrive. */
  drainBlocking(): void {
    const inProcess = this.#sender instanceof SenderProcess && this.#sender.alive;
    const wait = new Int32Array(new SharedArrayBuffer(4));
    const arrived = ({ folder }: ActiveRun) => !existsSync(folder) || isComplete(folder, this.#options.connection.uri);
    for (const until = Date.now() + (inProcess ? blockingMs : 0); ; Atomics.wait(wait, 0, 0, 20)) {
      if (this.runs.every(arrived) || Date.now() >= until) break;
    }
    for (const run of this.runs)
      if (!arrived(run))
        this.#report(run, inProcess ? "they are still being sent" : "this process could not wait for the server");
  }

  async #finish(run: ActiveRun): Promise<SendResult> {
    const sender = this.#sender;
    if (sender?.follows(run.folder)) {
      const result = await sender.finish(run.folder);
      if (sender.alive || result.problem === undefined || !existsSync(run.folder)) return result;
    }
    // The sending process died before it was done.
    const inline = new InlineSender(this.#options.connection);
    const { drainMs } = this.#options;
    void inline.follow({ folder: run.folder, filesFolder: run.folder, drainMs, removeWhenComplete: true });
    return inline.finish(run.folder);
  }

  #begin(): SenderProcess | InlineSender {
    if (this.#sender?.alive) return this.#sender;
    const { inline, connection, notify } = this.#options;
    const missing = !inline && !existsSync(senderProgram());
    if (missing) notify(`${senderProgram()} is missing: this process sends by itself`);
    this.#sender = inline || missing ? new InlineSender(connection) : new SenderProcess();
    return this.#sender;
  }

  #over(run: ActiveRun, result: SendResult, sender: SenderProcess | InlineSender): void {
    run.noteSent(result);
    if (!sender.alive) this.#dead.add(sender);
    const { folder } = run;
    const arrived =
      !existsSync(folder) || (run.ended !== undefined && isComplete(folder, this.#options.connection.uri));
    if (!arrived && !this.#draining && this.#runs.get(folder) === run) {
      // Gone on with while its sending came to its end; or the process died. What is left when it has died often is sent by
      // this process at its end.
      if (sender.alive || this.#dead.size <= allowedDeaths) this.add(run);
      return;
    }
    if (this.#runs.get(run.folder) === run) this.#runs.delete(run.folder);
    if (this.#runs.size > 0) return;
    const idle = this.#sender;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#runs.size > 0 || this.#sender !== idle) return;
      this.#sender = undefined;
      void idle?.close();
    }, idleMs);
    this.#idle.unref();
  }

  #report(run: ActiveRun, problem: string | undefined): void {
    const state = deliveryState(run.folder, this.#options.connection.uri);
    if (!state) return;
    const { arrived, pending, rejected, damaged } = state;
    const later = `send them by \`npx mlflow-js-client sync ${forShell(run.folder)}\``;
    if (pending > 0)
      this.#options.notify(
        `run "${run.name}": ${pending} of ${arrived + pending + damaged} records have not arrived (${problem ?? "no reason given"}); ${later}`,
      );
    if (rejected.length > 0)
      this.#options.notify(
        `run "${run.name}": the server refused ${rejected.length} value${rejected.length === 1 ? "" : "s"}, see ${path.join(run.folder, "rejected.jsonl")}`,
      );
    if (damaged > 0)
      this.#options.notify(
        `run "${run.name}": ${damaged} line${damaged === 1 ? "" : "s"} of its spool ${damaged === 1 ? "is" : "are"} damaged and not sent, in ${run.folder}`,
      );
  }
}

/** A path as a shell takes it, short where it lies below the working folder. */
function forShell(folder: string): string {
  const inside = path.relative(process.cwd(), folder);
  const short = inside.startsWith("..") ? folder : inside;
  return /^[\w./:@+-]+$/.test(short) ? short : `"${short}"`;
}
