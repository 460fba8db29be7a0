import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** What one round of a contestant cost. */
export interface Round {
  /** Wall seconds of each step. */
  seconds: number[];
  cpuSeconds: number;
  /** Highest resident memory of the process so far. */
  peakMb: number;
  loss: number;
  /** Seconds of what the last step consists of, by name, where the contestant tells. */
  parts?: Readonly<Record<string, number>>;
}

export interface Command {
  program: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** How long a contestant may take to get ready or to answer. */
const PATIENCE_MS = 300_000;

/**
 * A process that runs steps on request. It prints a line of JSON when it is ready, then answers each line with a number of
 * steps by one line of JSON, a `Round`, and ends on "quit".
 */
export class Contestant {
  readonly name: string;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private readonly gone: Promise<unknown>;
  private errors = "";

  constructor(name: string, { program, args, env = {} }: Command) {
    this.name = name;
    this.child = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: "pipe" });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors = (this.errors + text).slice(-2000);
    });
    this.gone = new Promise((resolve) => this.child.on("close", resolve));
    // A process that is gone shows as the end of its lines.
    this.child.on("error", (error) => {
      this.errors += error.message;
    });
    this.child.stdin.on("error", () => {});
    this.reader = createInterface({ input: this.child.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** @returns what the ready line says @throws Error with the last lines that the process wrote, when it does not get there */
  async ready(): Promise<Record<string, unknown>> {
    return await this.answer();
  }

  async run(steps: number): Promise<Round> {
    this.child.stdin.write(`${steps}\n`);
    return (await this.answer()) as unknown as Round;
  }

  /** Ends the process and waits until it is gone, so that it takes no time from whoever is measured next. */
  async close(): Promise<void> {
    this.child.stdin.write("quit\n");
    this.reader.close();
    this.child.kill();
    await this.gone;
  }

  private async answer(): Promise<Record<string, unknown>> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} did not answer`)), PATIENCE_MS);
    });
    try {
      const { value, done } = await Promise.race([this.lines.next(), tooLong]);
      if (done) throw new Error(`${this.name} ended: ${this.errors.trim() || "without a word"}`);
      return JSON.parse(value as string) as Record<string, unknown>;
    } finally {
      clearTimeout(timer);
    }
  }
}
