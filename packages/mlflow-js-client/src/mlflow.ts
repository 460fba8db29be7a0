import { AsyncLocalStorage } from "node:async_hooks";
import { MlflowClient } from "./client.js";
import { MlflowValidationError } from "./errors.js";
import type { ActiveRun } from "./run/activeRun.js";
import { RunFactory } from "./run/runFactory.js";
import type { MlflowOptions, ResumeOptions, RunOptions } from "./run/runOptions.js";
import { RunSettings } from "./run/runSettings.js";
import type { FlushResult } from "./sending/flushSpool.js";

/**
 * Starts runs and sends what they log. One is there ready made, `mlflow`, which reads the environment as MLflow's Python
 * client does; `createMlflow` makes others.
 */
export class Mlflow {
  readonly #active = new AsyncLocalStorage<ActiveRun>();
  readonly #factory: RunFactory;

  /** Reads nothing yet: the environment counts as it is when the first run starts. */
  constructor(options: MlflowOptions = {}) {
    this.#factory = new RunFactory(new RunSettings(options));
  }

  /**
   * Runs `body` with a run that is active inside it, ends the run with it, and answers what it answers. A run that is
   * started inside is nested in this one. When `body` throws, the run has failed with that error, which is thrown on.
   */
  withRun<T>(body: (run: ActiveRun) => T | Promise<T>): Promise<T>;
  withRun<T>(options: RunOptions, body: (run: ActiveRun) => T | Promise<T>): Promise<T>;
  async withRun<T>(
    first: RunOptions | ((run: ActiveRun) => T | Promise<T>),
    second?: (run: ActiveRun) => T | Promise<T>,
  ): Promise<T> {
    const [options, body] = typeof first === "function" ? [{}, first] : [first, second];
    if (typeof body !== "function")
      throw new MlflowValidationError("withRun", "it needs a function that is called with the run");
    const runId = options.runId ?? this.#factory.settings.takeRunId();
    const run = runId === undefined ? this.startRun(options) : await this.resumeRun({ ...options, runId });
    return this.#active.run(run, async () => {
      let result: T;
      try {
        result = await body(run);
      } catch (error) {
        this.#factory.endAnyway(run, "FAILED", error);
        throw error;
      }
      run.end("FINISHED");
      return result;
    });
  }

  /**
   * Starts a run and returns at once; it must be ended. It is not active by itself: `withRun` makes one so. Throws
   * `MlflowValidationError`, also where no server is named, and `MlflowError` (code "SPOOL") when the disk refuses.
   */
  startRun(options: RunOptions = {}): ActiveRun {
    const runId = options.runId ?? this.#factory.settings.takeRunId();
    if (runId !== undefined) return this.#factory.attach(runId, options);
    const alone = options.nested === false || options.parentRunId !== undefined;
    return this.#factory.start(alone ? undefined : this.activeRun(), options);
  }

  /**
   * Goes on with a run: by the folder of its spool, or by its id, for which the spools of this machine are searched and then
   * the server is asked. The run knows then what it has: points that are there are not logged again, `lastStep` says how far
   * it came. Throws `MlflowError` when the server must be asked and does not answer or has no such run.
   */
  async resumeRun(options: ResumeOptions): Promise<ActiveRun> {
    const { runId, folder } = options;
    if ((runId === undefined) === (folder === undefined))
      throw new MlflowValidationError("resumeRun", "it needs either the id of a run or the folder of its spool");
    return folder === undefined ? this.#factory.resumeById(runId!, options) : this.#factory.reopen(folder, options);
  }

  /** The innermost run of `withRun` around the caller; undefined outside. */
  activeRun(): ActiveRun | undefined {
    return this.#active.getStore();
  }

  /** A client of the same server, for everything else. Throws `MlflowValidationError` where no server is named. */
  client(): MlflowClient {
    return new MlflowClient(this.#factory.settings.connection());
  }

  /**
   * Sends what the runs of this process have logged, within the time (30 seconds unless given), and says of each run that
   * had not arrived whole before what arrived. Never throws because of a server.
   */
  async flush(options: { timeoutMs?: number } = {}): Promise<({ run: ActiveRun } & FlushResult)[]> {
    return Promise.all(this.#factory.unsentRuns.map(async (run) => ({ run, ...(await run.flush(options)) })));
  }
}

/** An `Mlflow` of its own settings: another server, another place for spools, another way of sending. */
export function createMlflow(options: MlflowOptions = {}): Mlflow {
  return new Mlflow(options);
}

/** The one that the environment describes (`MLFLOW_TRACKING_URI` and so on). */
export const mlflow = new Mlflow();
