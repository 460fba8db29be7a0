import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { referencePython } from "../node/referencePython.js";
import type { SearchedTrial, SearchSettings } from "../papers/searchResult.js";
import type { SearchedValues } from "../papers/searchSpace.js";
import { pythonProgram, pythonScript } from "../tracking/pythonProgram.js";
import { UserError } from "../userError.js";

/** Asks `scripts/python/optunaServer.py`, which keeps a study in a journal file: one process, one study. */
export class OptunaProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, { resolve(ok: unknown): void; reject(error: Error): void }>();
  private lastId = 0;
  private complaint = "";
  private gone: Error | undefined;

  private constructor(python: string) {
    // Isolated: neither the user's own packages nor the folder of the script are looked through.
    // One thread: its sums are small, and training has the others.
    const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
    this.child = spawn(python, ["-I", pythonScript("optunaServer.py")], { env });
    this.child.stderr.on("data", (text: Buffer) => {
      this.complaint = (this.complaint + text.toString()).slice(-4000);
    });
    createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line));
    this.child.stdin.on("error", () => {}); // told by its exit
    this.child.on("error", (error) => this.fail(new Error(`${python} cannot be started: ${error.message}`)));
    this.child.on("close", (code, signal) =>
      this.fail(new Error(`Optuna's process ended (${signal ?? `exit code ${code}`}) ${this.complaint}`.trim())),
    );
  }

  /**
   * Opens the study of a journal file, or makes it.
   *
   * @returns the process, and the trials that the journal holds
   * @throws UserError where Python, Optuna or, for the sampler "gp", PyTorch is missing, and for a journal of another search
   */
  static async open(file: string, settings: SearchSettings): Promise<[OptunaProcess, SearchedTrial[]]> {
    const { space, maxSteps, sampler, startupTrials, seed, halving } = settings;
    const python = pythonFor(sampler);
    const optuna = new OptunaProcess(python);
    try {
      const pruner = { minResource: halving.grace, reductionFactor: halving.reduction };
      const question = { file, space, sampler, seed, startupTrials, maxSteps, pruner };
      const { trials } = await optuna.ask<{ trials: SearchedTrial[] }>("open", question);
      return [optuna, trials];
    } catch (error) {
      await optuna.close();
      throw explained(error as Error, python);
    }
  }

  /** A new trial, which is in the journal from now on. */
  next(): Promise<{ number: number; values: SearchedValues }> {
    return this.ask("ask");
  }

  /** @returns whether the trial is to stop here; the same, however often it is asked */
  async report(number: number, step: number, value: number): Promise<boolean> {
    return (await this.ask<{ prune: boolean }>("report", { number, step, value })).prune;
  }

  /** @param value of a complete trial */
  async tell(number: number, state: "complete" | "pruned" | "failed", value?: number): Promise<void> {
    await this.ask("tell", { number, state, ...(value !== undefined && { value }) });
  }

  async trials(): Promise<SearchedTrial[]> {
    return (await this.ask<{ trials: SearchedTrial[] }>("trials")).trials;
  }

  /** Of each setting; or why it cannot be told. */
  async importance(seed: number): Promise<Record<string, number> | { why: string }> {
    const answer = await this.ask<{ importance: Record<string, number> | null; why: string }>("importance", { seed });
    return answer.importance ?? { why: answer.why };
  }

  /** Lets it end by itself, and waits for that. */
  async close(): Promise<void> {
    const { child } = this;
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    child.stdin.end();
    if (!ended) await new Promise((resolve) => child.once("close", resolve));
  }

  private ask<T>(op: string, question: object = {}): Promise<T> {
    if (this.gone) return Promise.reject(this.gone);
    const id = ++this.lastId;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: (ok) => resolve(ok as T), reject });
      this.child.stdin.write(`${JSON.stringify({ id, op, ...question })}\n`);
    });
  }

  private take(line: string): void {
    const answer = answerIn(line);
    const asked = answer && this.waiting.get(answer.id);
    if (!answer || !asked) {
      this.fail(new Error(answer?.error ?? `it printed what is no answer: ${line.slice(0, 200)}`));
      return;
    }
    const { id, ok, error } = answer;
    const { resolve, reject } = asked;
    this.waiting.delete(id);
    if (error === undefined) resolve(ok);
    else reject(new Error(error));
  }

  private fail(error: Error): void {
    this.gone ??= error;
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}

/** Undefined for a line that is no JSON. Its id is 0 where the process cannot go on. */
function answerIn(line: string): { id: number; ok?: unknown; error?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function pythonFor(sampler: SearchSettings["sampler"]): string {
  if (sampler === "gp")
    return referencePython(
      "Optuna and PyTorch",
      "the sampler gp needs tools that only the reference environment has, and the sampler tpe does not",
    );
  const python = pythonProgram();
  if (existsSync(python)) return python;
  throw new UserError(`no ${python}: a search needs Optuna, which \`npm run setup\` installs`, 1);
}

function explained({ message }: Error, python: string): Error {
  if (message.includes("No module named 'torch'"))
    return new UserError(
      `${python} has no PyTorch, which the sampler gp needs: \`npm run setup:reference\`, or sampler tpe`,
      1,
    );
  if (message.startsWith("no Optuna here"))
    return new UserError(`${python} has no Optuna (${message}); \`npm run setup\` installs it`, 1);
  if (message.startsWith("ValueError: ")) return new UserError(message.slice("ValueError: ".length), 1);
  return new Error(`Optuna: ${message}`);
}
