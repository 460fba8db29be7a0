import { MlflowError, MlflowValidationError } from "../errors.js";
import type { Spool } from "../spool.js";
import { type SpoolRecord, spooled } from "../spoolRecords.js";
import type { DatasetDescription } from "../types.js";
import { checkDataset, checkMetric, checkParameter, checkTag } from "../validate.js";
import type { KnownRun } from "./knownRun.js";
import { type Scalar, textOf } from "./runTags.js";

export interface MetricOptions {
  /** An integer; 0 unless given. */
  step?: number;
  /** Milliseconds since 1970, an integer; now unless given. */
  timestamp?: number;
}

export interface RunLogOptions {
  /** The folder of the run's spool. */
  folder: string;
  name: string;
  spool: Spool;
  known: KnownRun;
  /** Called instead of throwing when the disk refuses a record; it is lost then. */
  onDiskFault?: (error: MlflowError) => void;
}

/**
 * The values of a run. Each method checks what it is given and throws `MlflowValidationError` at once, appends to the
 * run's spool, and returns: none waits for a server. Where the disk takes no more they throw `MlflowError` (code "SPOOL"),
 * or report it where the run was started so.
 */
export class RunLog {
  /** The run's name; for a run that is gone on with by its id, that id. */
  readonly name: string;
  /** The folder of the run's spool. */
  readonly folder: string;
  protected readonly known: KnownRun;
  readonly #spool: Spool;
  readonly #onDiskFault: ((error: MlflowError) => void) | undefined;
  #ended: string | undefined;
  #lost = 0;

  constructor(options: RunLogOptions) {
    this.name = options.name;
    this.folder = options.folder;
    this.known = options.known;
    this.#spool = options.spool;
    this.#onDiskFault = options.onDiskFault;
  }

  /** How the run ended; undefined while it is open. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** Records that the disk refused and that were reported instead of thrown. */
  get lost(): number {
    return this.#lost;
  }

  /** Logs one number; the third argument is the step, or step and time. NaN and infinities are kept. */
  logMetric(key: string, value: number, options?: number | MetricOptions): void {
    this.logMetrics({ [key]: value }, options);
  }

  /** Logs several numbers of one step. Points that a resumed run has already are not logged again. */
  logMetrics(values: Readonly<Record<string, number>>, options: number | MetricOptions = 0): void {
    const step = typeof options === "number" ? options : (options.step ?? 0);
    const time = (typeof options === "number" ? undefined : options.timestamp) ?? Date.now();
    const kept: Record<string, ReturnType<typeof spooled>> = {};
    let any = false;
    for (const key of Object.keys(values)) {
      const value = values[key]!;
      checkMetric({ key, value, step, timestamp: time });
      if (this.known.hasPoint(key, step, value)) continue;
      kept[key] = spooled(value);
      any = true;
    }
    if (!any) return;
    this.append({ kind: "metrics", time, step, values: kept });
    for (const key of Object.keys(kept)) this.known.reached(key, step);
  }

  /** The highest step logged so far, of one metric or of all; of a resumed run also before. Undefined where there is none. */
  lastStep(key?: string): number | undefined {
    return this.known.lastStep(key);
  }

  /** Logs a parameter. It never changes: the same value again is passed over, another one is refused. */
  logParam(key: string, value: Scalar): void {
    this.logParams({ [key]: value });
  }

  /** Logs parameters, such as those of the optimiser. */
  logParams(values: Readonly<Record<string, Scalar>>): void {
    const fresh: Record<string, string> = {};
    for (const [key, raw] of Object.entries(values)) {
      const value = textOf("parameter", key, raw);
      checkParameter({ key, value });
      const before = this.known.params.get(key);
      if (before === undefined) fresh[key] = value;
      else if (before !== value)
        throw new MlflowValidationError(
          `parameter "${key}"`,
          `it was logged as ${JSON.stringify(before)} and cannot become ${JSON.stringify(value)}: log it under another name, or as a tag`,
        );
    }
    if (Object.keys(fresh).length === 0) return;
    this.append({ kind: "params", values: fresh });
    for (const [key, value] of Object.entries(fresh)) this.known.params.set(key, value);
  }

  /** Sets a tag; the last value stays. */
  setTag(key: string, value: Scalar): void {
    this.setTags({ [key]: value });
  }

  setTags(values: Readonly<Record<string, Scalar>>): void {
    const tags: Record<string, string> = {};
    for (const [key, raw] of Object.entries(values)) {
      const value = textOf("tag", key, raw);
      checkTag({ key, value });
      tags[key] = value;
    }
    if (Object.keys(tags).length > 0) this.append({ kind: "tags", values: tags });
  }

  /** The text at the head of the run's page, in Markdown: the tag `mlflow.note.content`. */
  setDescription(markdown: string): void {
    this.setTag("mlflow.note.content", markdown);
  }

  /** Logs a data set as an input of the run; the same one again is passed over. */
  logInput(dataset: DatasetDescription): void {
    checkDataset(dataset);
    const json = JSON.stringify(dataset);
    if (this.known.datasets.has(json)) return;
    this.append({ kind: "dataset", dataset });
    this.known.datasets.add(json);
  }

  /** Waits until the disk has everything, so that it outlives a power cut and not only the end of this process. */
  sync(): void {
    this.#spool.sync();
  }

  protected append(record: SpoolRecord): void {
    this.checkOpen();
    this.orReport(() => this.#spool.append(record));
  }

  /** Throws `MlflowValidationError` when the run has ended. */
  protected checkOpen(): void {
    if (this.#ended !== undefined)
      throw new MlflowValidationError(
        `run "${this.name}"`,
        `it has ended (${this.#ended}); go on with it by resumeRun, or log before its end`,
      );
  }

  /** Runs an act that writes; reports a disk that refuses where that was asked for. */
  protected orReport(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!this.#onDiskFault || !(error instanceof MlflowError) || error.code !== "SPOOL") throw error;
      this.#lost++;
      this.#onDiskFault(error);
    }
  }

  /** Nothing can be appended any more. */
  protected closeSpool(ended: string): void {
    this.#ended = ended;
    this.orReport(() => this.#spool.close());
  }
}
