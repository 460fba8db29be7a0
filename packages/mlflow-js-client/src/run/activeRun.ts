import { inspect } from "node:util";
import type { Connection } from "../environment.js";
import { MlflowError, MlflowValidationError } from "../errors.js";
import type { SendResult } from "../sender.js";
import { deliveryState, type FlushResult, sendWithin } from "../sending/flushSpool.js";
import { limits } from "../validate.js";
import { RunArtifacts } from "./runArtifacts.js";
import type { RunLogOptions } from "./runLog.js";
import type { RunEndStatus, RunOptions } from "./runOptions.js";

const endStatuses: readonly string[] = ["FINISHED", "FAILED", "KILLED"];

/** How a child finds its parent on the server: by its id, or by the key that it is made with. */
export interface RunReference {
  runId?: string;
  key?: string;
  /** Empty where only `experimentOfRun` is known. */
  experiment: string;
  experimentId?: string;
  /** A run on the server in whose experiment it is. */
  experimentOfRun?: string;
}

export interface ActiveRunOptions extends RunLogOptions {
  reference: RunReference;
  /** Undefined: nothing is sent by this process. */
  connection?: Connection;
  startChild: (parent: ActiveRun, options: RunOptions) => ActiveRun;
  /** Called once when the run has ended. */
  onEnd: (run: ActiveRun) => void;
}

/** A run that is being logged. Made by `Mlflow.startRun`, `withRun` and `resumeRun`. */
export class ActiveRun extends RunArtifacts {
  readonly #options: ActiveRunOptions;
  /** The last that was known before the run's folder was removed. */
  #last: FlushResult | undefined;
  #atEnd: (() => void)[] = [];

  constructor(options: ActiveRunOptions) {
    super(options);
    this.#options = options;
  }

  /** How a run that is nested in this one refers to it. */
  get reference(): RunReference {
    return this.#options.reference;
  }

  /** The server's id of the run; undefined until the server has made it. `id()` waits for it. */
  get runId(): string | undefined {
    return this.#options.reference.runId ?? this.#state()?.runId;
  }

  /**
   * The server's id of the run, sending what is needed for it. Throws `MlflowError` when the server has not made the run
   * within the time (30 seconds unless given).
   */
  async id(options: { timeoutMs?: number } = {}): Promise<string> {
    const known = this.runId;
    if (known !== undefined) return known;
    const { runId, problem } = await this.flush(options);
    if (runId === undefined)
      throw new MlflowError(`run "${this.name}" is not on the server yet: ${problem}`, 0, "NO_RUN");
    return runId;
  }

  /** The address of the run's page, as for model training. Throws as `id` does. */
  async url(options: { timeoutMs?: number } = {}): Promise<string> {
    const runId = await this.id(options);
    const experimentId = this.#state()?.experimentId ?? (await this.flush(options)).experimentId;
    return `${this.#options.connection?.uri}/#/experiments/${experimentId}/runs/${runId}?workflowType=machine_learning`;
  }

  /** Starts a run that is nested in this one. It is ended on its own. */
  child(options: RunOptions = {}): ActiveRun {
    this.checkOpen();
    return this.#options.startChild(this, options);
  }

  /**
   * Waits until the server has everything that was logged so far, sending it too, for at most `timeoutMs` (30 seconds
   * unless given). Says what arrived, what waits on disk, and what was refused. Never throws because of a server.
   */
  async flush(options: { timeoutMs?: number } = {}): Promise<FlushResult> {
    const { connection } = this.#options;
    const problem = connection
      ? await sendWithin(this.folder, connection, options.timeoutMs ?? 30_000)
      : 'nothing is sent by this process (sending: "none")';
    const state = this.#state() ?? { arrived: 0, pending: 0, damaged: 0, rejected: [] };
    const damage = state.damaged > 0 ? `${state.damaged} damaged records were not sent` : undefined;
    const why = state.pending > 0 ? (problem ?? "logged during the sending") : damage;
    return why === undefined ? state : { ...state, problem: why };
  }

  /**
   * Ends the run, once; nothing can be logged after it. An error is kept as the tag `error` and, with its stack and causes,
   * as the artefact `error.txt`. Returns at once: what is left is sent in the background.
   */
  end(status: RunEndStatus = "FINISHED", error?: unknown): void {
    if (this.ended !== undefined) return;
    if (!endStatuses.includes(status))
      throw new MlflowValidationError(
        `run "${this.name}"`,
        `status ${inspect(status)} is none of ${endStatuses.join(", ")}`,
      );
    for (const act of this.#atEnd) act();
    if (error !== undefined) this.#describeError(error);
    this.append({ kind: "end", time: Date.now(), status });
    this.closeSpool(status);
    this.#state();
    this.#options.onEnd(this);
  }

  /** Called when the run ends, before its end is logged. */
  onceEnding(act: () => void): void {
    this.#atEnd.push(act);
  }

  /** Keeps the ids that the last sending gave: the run's folder may be removed. */
  noteSent({ runId, experimentId }: SendResult): void {
    const state = this.#state();
    if (state) this.#last = { ...state, runId: state.runId ?? runId, experimentId: state.experimentId ?? experimentId };
  }

  #state(): FlushResult | undefined {
    const state = deliveryState(this.folder, this.#options.connection?.uri);
    if (state) this.#last = state;
    // A folder is removed only when all of it has arrived and nothing of it was refused.
    else if (this.#last) this.#last = { ...this.#last, arrived: this.#last.arrived + this.#last.pending, pending: 0 };
    return this.#last;
  }

  #describeError(error: unknown): void {
    const whole = error instanceof Error ? inspect(error) : String(inspect(error));
    const message = error instanceof Error ? `${error.name}: ${error.message}` : whole;
    const plain = (text: string) => text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\ufffd");
    this.setTag("error", [...plain(message)].slice(0, limits.tagCharacters).join(""));
    try {
      this.logText(`${plain(whole)}\n`, "error.txt");
    } catch (refused) {
      // The run has a folder of that name: its end must be kept all the same.
      if (!(refused instanceof MlflowValidationError)) throw refused;
    }
  }
}
