import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { MlflowClient } from "../client.js";
import type { Connection } from "../environment.js";
import { MlflowError, MlflowValidationError } from "../errors.js";
import { SendingRuns } from "../sending/sendingRuns.js";
import { findRunFolder, readTarget, writeTarget } from "../sending/spoolFolders.js";
import { Spool } from "../spool.js";
import { readWholeSpool, spoolFileName } from "../spoolReader.js";
import type { SpoolRecord } from "../spoolRecords.js";
import { checkId, checkText, limits } from "../validate.js";
import { ActiveRun, type RunReference } from "./activeRun.js";
import { chooseExperiment, experimentOfEnvironment } from "./experimentChoice.js";
import { KnownRun } from "./knownRun.js";
import { watchProcess } from "./processEnd.js";
import type { ResumeOptions, RunEndStatus, RunOptions } from "./runOptions.js";
import type { RunSettings } from "./runSettings.js";
import { runTags } from "./runTags.js";
import { generatedRunName, sourceTags } from "./sourceTags.js";
import { systemMetricsOptions, systemMetricsWanted, watchSystem } from "./systemMetrics.js";

const parentTag = "mlflow.parentRunId";
/** A process that removes a folder holds its locks no longer than this. */
const lockPatienceMs = 3_000;

/** Makes the runs of an `Mlflow`, keeps which are open, and ends them with the process. */
export class RunFactory {
  readonly settings: RunSettings;
  readonly #open = new Set<ActiveRun>();
  #sending: SendingRuns | undefined;

  constructor(settings: RunSettings) {
    this.settings = settings;
  }

  /** Runs that are open or whose sending is not over. */
  get unsentRuns(): ActiveRun[] {
    return [...new Set([...this.#open, ...(this.#sending?.runs ?? [])])];
  }

  start(parent: ActiveRun | undefined, options: RunOptions): ActiveRun {
    const reference = parent?.reference;
    const { experiment, experimentId, experimentOfRun } = this.#experimentOf(reference, options);
    const name = options.name ?? generatedRunName();
    checkText("run name", name, limits.runNameCharacters, 1);
    const username = this.settings.target?.username;
    const tags = { ...sourceTags({ username, git: this.settings.options.git !== false }), ...runTags(options) };
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
      experimentOfRun,
      name,
      tags,
      parentRun,
    };
    const folder = this.settings.newFolder(experiment, name);
    return this.#begin(
      { folder, name, reference: { key, experiment, experimentId, experimentOfRun }, known: new KnownRun() },
      [first],
      options,
    );
  }

  /** Goes on with a run of which nothing need be known. */
  attach(runId: string, options: RunOptions | ResumeOptions, known = new KnownRun(), experimentId?: string): ActiveRun {
    checkId("run", runId);
    const first: SpoolRecord[] = [{ kind: "attach", time: Date.now(), runId, experimentId }];
    const reference = { runId, experiment: "", experimentId, experimentOfRun: runId };
    return this.#begin({ folder: this.settings.newFolder("", runId), name: runId, reference, known }, first, options);
  }

  async resumeById(runId: string, options: ResumeOptions): Promise<ActiveRun> {
    checkId("run", runId);
    runTags(options);
    for (const until = Date.now() + lockPatienceMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const folder = findRunFolder(this.settings.root, runId, this.settings.target?.uri);
      if (folder === undefined) break;
      try {
        return this.reopen(folder, options);
      } catch (error) {
        // Its folder may just be removed, since all of it has arrived.
        const passing = error instanceof MlflowValidationError || (error as MlflowError).code === "SPOOL_IN_USE";
        if (!passing || Date.now() > until) throw error;
      }
    }
    const client = new MlflowClient(this.settings.connection(), { attempts: 2 });
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
    const file = path.join(folder, spoolFileName);
    runTags(options);
    const target = this.settings.target;
    // From here on nobody removes the folder.
    const spool = existsSync(file) ? new Spool(folder) : undefined;
    const records = spool ? readWholeSpool(file).records : [];
    const first = records.find((record) => record.kind === "create" || record.kind === "attach");
    if (!spool || (first?.kind !== "create" && first?.kind !== "attach")) {
      spool?.close();
      // Removed just before the spool was opened, which made it anew.
      if (spool && records.length === 0 && !readTarget(folder)) rmSync(folder, { recursive: true, force: true });
      throw new MlflowValidationError(`folder "${given}"`, "it holds no spool of a run");
    }
    const before = readTarget(folder);
    const created = first.kind === "create" ? first : undefined;
    const runId = first.kind === "attach" ? first.runId : undefined;
    const name = created?.name ?? runId!;
    const experiment = created?.experiment ?? "";
    const experimentOfRun = created?.experimentOfRun ?? runId;
    const reference = { key: created?.key, runId, experiment, experimentId: first.experimentId, experimentOfRun };
    const resume: SpoolRecord = { kind: "resume", time: Date.now() };
    const run = this.#begin(
      { folder, name, reference, known: KnownRun.fromRecords(records) },
      [resume],
      options,
      spool,
    );
    writeTarget(folder, {
      ...{ experiment, name, trackingUri: target?.uri ?? before?.trackingUri },
      keep: this.settings.options.keep ?? before?.keep ?? true,
    });
    return run;
  }

  /** Ends a run although its disk may refuse, and says so then. */
  endAnyway(run: ActiveRun, status: RunEndStatus, error?: unknown): void {
    try {
      run.end(status, error);
    } catch (fault) {
      this.#open.delete(run);
      this.settings.notify(`run "${run.name}": its end could not be kept: ${(fault as Error).message}`);
    }
  }

  /** That of the options, else of the run that the new one is nested in, else of settings or environment. */
  #experimentOf(parent: RunReference | undefined, options: RunOptions): Omit<RunReference, "runId" | "key"> {
    const named = options.experiment !== undefined || options.experimentId !== undefined;
    const { experiment, experimentId, experimentOfRun } = parent ?? {};
    if (!named && experimentId === undefined && experimentOfRun !== undefined)
      return { experiment: "", experimentOfRun };
    return chooseExperiment(
      options,
      experimentId === undefined ? { experiment } : { experimentId },
      this.settings.options,
      experimentOfEnvironment(this.settings.environment),
    );
  }

  #begin(
    run: { folder: string; name: string; reference: RunReference; known: KnownRun },
    first: SpoolRecord[],
    options: RunOptions | ResumeOptions,
    opened?: Spool,
  ): ActiveRun {
    const connection = this.settings.options.sending === "none" ? undefined : this.settings.connection();
    const tags = first[0]?.kind === "create" ? {} : runTags(options);
    const spool = opened ?? new Spool(run.folder);
    try {
      for (const record of first) spool.append(record);
      if (Object.keys(tags).length > 0) spool.append({ kind: "tags", values: tags });
    } catch (error) {
      spool.close();
      throw error;
    }
    let warned = false;
    const warn = (error: MlflowError): void => {
      if (!warned) this.settings.notify(`run "${run.name}": ${error.message}; what is logged while this lasts is lost`);
      warned = true;
    };
    const active = new ActiveRun({
      ...{ ...run, spool, connection, onDiskFault: this.settings.options.whenDiskFails === "warn" ? warn : undefined },
      startChild: (parent, childOptions) => this.start(parent, childOptions),
      onEnd: (ended) => this.#open.delete(ended),
    });
    this.#open.add(active);
    if (connection) this.#send(connection, active);
    watchProcess(this.#endOfProcess);
    if (
      options.systemMetrics ??
      this.settings.options.systemMetrics ??
      systemMetricsWanted(this.settings.environment)
    ) {
      const last = run.known.lastStepBelow("system/");
      const sampling = {
        ...systemMetricsOptions(this.settings.environment),
        firstStep: last === undefined ? 0 : last + 1,
      };
      const log = (values: Record<string, number>, step: number) => active.logMetrics(values, step);
      const tell = (error: Error) => this.settings.notify(`run "${run.name}": system metrics: ${error.message}`);
      active.onceEnding(watchSystem(log, sampling, tell));
    }
    return active;
  }

  #send(connection: Connection, run: ActiveRun): void {
    const { drainMs = 10_000, sending } = this.settings.options;
    const notify = (message: string) => this.settings.notify(message);
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
}
