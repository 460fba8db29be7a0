import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { jupyterEnvironment, pythonProgram } from "../../src/lab/jupyter.js";
import { projectRoot } from "../../src/node/paths.js";

/** What a kernel said, as `kernelDriver.py` tells it. */
export interface Said {
  type: string;
  parent?: string;
  id?: string;
  pid?: number;
  // biome-ignore lint/suspicious/noExplicitAny: each type of message has its own fields
  content?: any;
}

/** A cell that was sent, and what came of it. */
export interface SentCell {
  /** Settles with the reply once all was shown. */
  ended: Promise<Said>;
  /** Messages so far. */
  said: Said[];
}

/** The project's kernel, driven by a test through Jupyter's own client. */
export class KernelDriver {
  private readonly child: ChildProcess;
  private readonly said: Said[] = [];
  private readonly listeners = new Set<(said: Said) => void>();

  constructor(environment: NodeJS.ProcessEnv) {
    const script = path.join(projectRoot(), "test", "lab", "kernelDriver.py");
    this.child = spawn(pythonProgram("python"), [script], {
      env: jupyterEnvironment({ ...process.env, ...environment }),
      stdio: ["pipe", "pipe", "ignore"],
    });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      const said = JSON.parse(line) as Said;
      this.said.push(said);
      for (const listener of this.listeners) listener(said);
    });
  }

  /** The next message for which `is` holds, from now on. */
  next(is: (said: Said) => boolean): Promise<Said> {
    return new Promise((resolve) => {
      const listener = (said: Said) => {
        if (!is(said)) return;
        this.listeners.delete(listener);
        resolve(said);
      };
      this.listeners.add(listener);
    });
  }

  ready(): Promise<Said> {
    return this.next(({ type }) => type === "ready");
  }

  /** Gives a command whose answer is a message of its own. */
  async tell(command: "disconnect" | "connect" | "restart"): Promise<Said> {
    const answer = { disconnect: "disconnected", connect: "connected", restart: "ready" }[command];
    const answered = this.next(({ type }) => type === answer);
    this.send({ do: command });
    return answered;
  }

  order(command: "interrupt" | "kill"): void {
    this.send({ do: command });
  }

  /** Sends a cell. */
  async execute(code: string): Promise<SentCell> {
    // The kernel drops what arrives within 200 ms of an error.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const sent = this.next(({ type }) => type === "sent");
    const from = this.said.length;
    this.send({ do: "execute", code });
    const { id } = await sent;
    const said: Said[] = [];
    const mine = (one: Said) => one.parent === id;
    for (const one of this.said.slice(from)) if (mine(one)) said.push(one);
    this.listeners.add((one) => void (mine(one) && said.push(one)));
    const first = (is: (one: Said) => boolean) => {
      const before = said.find(is);
      return before ? Promise.resolve(before) : this.next((one) => mine(one) && is(one));
    };
    const reply = first(({ type }) => type === "execute_reply");
    // What a cell shows comes on another socket than the reply, and may come later; behind "idle" nothing follows.
    const idle = first(({ type, content }) => type === "status" && content.execution_state === "idle");
    return { said, ended: Promise.all([reply, idle]).then(([one]) => one) };
  }

  /** Sends a cell and waits for its end. */
  async run(code: string): Promise<{ reply: Said; said: Said[]; text: string }> {
    const { ended, said } = await this.execute(code);
    const reply = await ended;
    const text = said.flatMap(({ type, content }) => (type === "stream" ? [content.text as string] : [])).join("");
    return { reply, said, text };
  }

  private send(command: object): void {
    this.child.stdin!.write(`${JSON.stringify(command)}\n`);
  }

  /** Ends the kernel. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.send({ do: "end" });
    await new Promise((resolve) => this.child.once("exit", resolve));
  }
}

/** The plain texts of all that a cell has shown or changed, in order. */
export function shownIn(said: readonly Said[]): string[] {
  return said.flatMap(({ content }) => (content?.data?.["text/plain"] as string | undefined) ?? []);
}

/** The newest of them. */
export const lastShown = (said: readonly Said[]): string | undefined => shownIn(said).at(-1);
