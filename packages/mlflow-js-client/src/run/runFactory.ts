import { randomUUID } from "node:crypto";
import path from "node:path";
import { MlflowClient } from "../client.js";
import { type Connection, connectionFromEnvironment } from "../environment.js";
import { MlflowError, MlflowValidationError } from "../errors.js";
import { SendingRuns } from "../sending/sendingRuns.js";
import { findRunFolder, makeRunFolder, readTarget, serverFolder, writeTarget } from "../sending/spoolFolders.js";
import { Spool } from "../spool.js";
import { readWholeSpool, spoolFileName } from "../spoolReader.js";
import type { SpoolRecord } from "../spoolRecords.js";
import { checkId, checkText, limits } from "../validate.js";
import { ActiveRun, type RunReference } from "./activeRun.js";
import { chooseExperiment, experimentOfEnvironment } from "./experimentChoice.js";
import { KnownRun } from "./knownRun.js";
import { watchProcess } from "./processEnd.js";
import type { MlflowOptions, ResumeOptions, RunEndStatus, RunOptions } from "./runOptions.js";
import { runTags } from "./runTags.js";
import { generatedRunName, sourceTags } from "./sourceTags.js";
import { systemMetricsOptions, systemMetricsWanted, watchSystem } from "./systemMetrics.js";

const parentTag = "mlflow.parentRunId";

/** Makes the runs of an `Mlflow`, keeps which are open, and ends them with the process. */
export class RunFactory {
  readonly #options: MlflowOptions;
  readonly #environment: Record<string, string | undefined>;
  readonly #open = new Set<ActiveRun>();
  #connection: Connection | undefined;
  #sending: SendingRuns | undefined;

  constructor(options: MlflowOptions) {
    this.#options = options;
    this.#environment = options.environment ?? process.env;
  }

  /** Runs that are open or whose sending is not over. */
  get unsentRuns(): ActiveRun[] {
    return [...new Set([...this.#open, ...(this.#sending?.runs ?? [])])];
  }

  /** Where the server is. Throws `MlflowValidationError` where none is named. */
  connection(): Connection {
    if (this.#connection) return this.#connection;
    const { connection, trackingUri } = this.#options;
    const uri = trackingUri ?? this.#environment.MLFLOW_TRACKING_URI;
    if (!connection && !uri)
      throw new MlflowValidationError(
        "MLFLOW_TRACKING_URI",
        'no tracking server is named; right is such as http://127.0.0.1:5000, or sending: "none" to log without one',
      );
    this.#connection = connection ?? connectionFromEnvironment(this.#environment, uri);
    return this.#connection;
  }

  /** The run that `MLFLOW_RUN_ID` names, for the first run only, as with Python. */
  takeRunId(): string | undefined {
    const runId = this.#environment.MLFLOW_RUN_ID || undefined;
    if (runId !== undefined) delete this.#environment.MLFLOW_RUN_ID;
    return runId;
  }

  start(parent: ActiveRun | undefined, options: RunOptions): ActiveRun {
    const reference = parent?.reference;
    const { experiment, experimentId } = chooseExperiment(
      options,
      reference &&
        (reference.experimentId === undefined
          ? { experiment: reference.experiment }
          : { experimentId: reference.experimentId }),
      this.#options,
      experimentOfEnvironment(this.#environment),
    );
    const name = options.name ?? generatedRunName();
    checkText("run name", name, limits.runNameCharacters, 1);
    const username = this.#target()?.username;
    const tags = { ...sourceTags({ username, git: this.#options.git !== false }), ...runTags(options) };
    const parentRunId = options.parentRunId ?? reference?.runId;
    if (parentRunId !== undefined) {
      checkId("run", parentRunId);
      tags[parentTag] = parentRunId;
    }
    const parentRun =
      parentRunId === undefined && reference?.key !== undefined ? { ...reference, key: reference.key } : undefined;
    const key = randomUUID();
    const first: SpoolRecord = {
      kind: "create",
      time: Date.now(),
      key,
      experiment,
      experimentId,
      name,
      tags,
      parentRun,
    };
    const folder = this.#newFolder(experiment, name);
    return this.#begin(
      { folder, name, reference: { key, experiment, experimentId }, known: new KnownRun() },
      [first],
      options,
    );
  }

  /** Goes on with a run of which nothing need be known. */
  attach(runId: string, options: RunOptions | ResumeOptions, known = new KnownRun(), experimentId?: string): ActiveRun {
    checkId("run", runId);
    const first: SpoolRecord[] = [{ kind: "attach", time: Date.now(), runId }];
    const reference = { runId, experiment: "", experimentId };
    return this.#begin({ folder: this.#newFolder("", runId), name: runId, reference, known }, first, options);
  }

  async resumeById(runId: string, options: ResumeOptions): Promise<ActiveRun> {
    checkId("run", runId);
    const folder = findRunFolder(this.#root(), runId, this.#target()?.uri);
    if (folder !== undefined) return this.reopen(folder, options);
    const client = new MlflowClient(this.connection(), { attempts: 2 });
    const { info } = await client.getRun(runId);
    if (info.lifecycle_stage === "deleted")
      throw new MlflowError(
        `run ${runId} was deleted on the server: restore it there to go on with it`,
        400,
        "RUN_DELETED",
      );
    return this.attach(runId, options, await KnownRun.fromServer(client, runId), info.experiment_id);
  }

  reopen(given: string, options: ResumeOptions): ActiveRun {
    const folder = path.resolve(given);
    const { records } = readWholeSpool(path.join(folder, spoolFileName));
    const first = records.find((record) => record.kind === "create" || record.kind === "attach");
    if (first?.kind !== "create" && first?.kind !== "attach")
      throw new MlflowValidationError(`folder "${given}"`, "it holds no spool of a run");
    const before = readTarget(folder);
    const { key, experiment, experimentId } =
      first.kind === "create" ? first : { key: undefined, experiment: "", experimentId: undefined };
    const name = first.kind === "create" ? first.name : first.runId;
    const runId = first.kind === "attach" ? first.runId : undefined;
    const resume: SpoolRecord = { kind: "resume", time: Date.now() };
    const reference = { key, runId, experiment, experimentId };
    const run = this.#begin({ folder, name, reference, known: KnownRun.fromRecords(records) }, [resume], options);
    writeTarget(folder, {
      ...{ experiment, name, trackingUri: this.#target()?.uri ?? before?.trackingUri },
      keep: this.#options.keep ?? before?.keep ?? true,
    });
    return run;
  }

  /** Ends a run although its disk may refuse, and says so then. */
  endAnyway(run: ActiveRun, status: RunEndStatus, error?: unknown): void {
    try {
      run.end(status, error);
    } catch (fault) {
      this.#open.delete(run);
      this.#notify(`run "${run.name}": its end could not be kept: ${(fault as Error).message}`);
    }
  }

  #begin(
    run: { folder: string; name: string; reference: RunReference; known: KnownRun },
    first: SpoolRecord[],
    options: RunOptions | ResumeOptions,
  ): ActiveRun {
    const connection = this.#options.sending === "none" ? undefined : this.connection();
    const tags = first[0]?.kind === "create" ? {} : runTags(options);
    const spool = new Spool(run.folder);
    for (const record of first) spool.append(record);
    if (Object.keys(tags).length > 0) spool.append({ kind: "tags", values: tags });
    let warned = false;
    const warn = (error: MlflowError): void => {
      if (!warned) this.#notify(`run "${run.name}": ${error.message}; what is logged while this lasts is lost`);
      warned = true;
    };
    const active = new ActiveRun({
      ...{ ...run, spool, connection, onDiskFault: this.#options.whenDiskFails === "warn" ? warn : undefined },
      startChild: (parent, childOptions) => this.start(parent, childOptions),
      onEnd: (ended) => this.#open.delete(ended),
    });
    this.#open.add(active);
    if (connection) this.#send(connection, active);
    watchProcess(this.#endOfProcess);
    if (options.systemMetrics ?? this.#options.systemMetrics ?? systemMetricsWanted(this.#environment)) {
      const last = run.known.lastStepBelow("system/");
      const sampling = { ...systemMetricsOptions(this.#environment), firstStep: last === undefined ? 0 : last + 1 };
      active.onceEnding(watchSystem((values, step) => active.logMetrics(values, step), sampling));
    }
    return active;
  }

  #send(connection: Connection, run: ActiveRun): void {
    const { drainMs = 10_000, sending } = this.#options;
    const notify = (message: string) => this.#notify(message);
    this.#sending ??= new SendingRuns({ connection, inline: sending === "inline", drainMs, notify });
    this.#sending.add(run);
  }

  readonly #endOfProcess = ((factory: RunFactory) => ({
    endOpenRuns(status: RunEndStatus, error?: unknown): void {
      // Children before their parents.
      for (const run of [...factory.#open].reverse()) factory.endAnyway(run, status, error);
    },
    get busy(): boolean {
      return factory.#sending?.busy ?? false;
    },
    drain: async (): Promise<void> => factory.#sending?.drain(),
    drainBlocking: (): void => factory.#sending?.drainBlocking(),
  }))(this);

  /** The server that is named, which need not be there when nothing is sent. */
  #target(): Connection | undefined {
    const { connection, trackingUri, sending } = this.#options;
    const named = connection ?? trackingUri ?? this.#environment.MLFLOW_TRACKING_URI;
    return named || sending !== "none" ? this.connection() : undefined;
  }

  #root(): string {
    return path.resolve(this.#options.folder ?? serverFolder(this.#target()?.uri, this.#environment));
  }

  #newFolder(experiment: string, name: string): string {
    const target = { trackingUri: this.#target()?.uri, experiment, name, keep: this.#options.keep ?? false };
    try {
      return makeRunFolder(this.#root(), target);
    } catch (error) {
      throw new MlflowError(`run "${name}": its folder cannot be made: ${(error as Error).message}`, 0, "SPOOL");
    }
  }

  #notify(message: string): void {
    (this.#options.notify ?? ((text) => process.stderr.write(`mlflow-js-client: ${text}\n`)))(message);
  }
}
