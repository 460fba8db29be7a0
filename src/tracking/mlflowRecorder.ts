import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import {
  checkArtifactPath,
  checkDataset,
  checkExperimentName,
  checkMetric,
  checkParameter,
  checkTag,
  checkText,
  limits,
  MlflowValidationError,
  type ParentRun,
  readWholeSpool,
  Spool,
  type SpooledModelMetric,
  spooled,
  systemMetricsOptions,
  watchSystem,
} from "mlflow-js-client";
import type { RecordedDataset, Recorder, RunStatus } from "../training/recorder.js";
import { cutToTag, noteTags } from "./noteTags.js";
import { trackingFolder } from "./trackedRun.js";

/** What a run is called in the tracker. Used when the run is made; a resumed run keeps what it has. */
export interface RecorderOptions {
  /** The spool is `<runFolder>/tracking/`; artefacts are files below the run folder. */
  runFolder: string;
  experimentName: string;
  runName: string;
  tags?: Record<string, string>;
  /** The run that this one stands under: one per `key` and experiment, made by whoever comes first. */
  parent?: ParentRun;
  /** Instead: the run of another run folder, of the same experiment, that this one stands under. */
  parentFolder?: string;
  /** Of the experiment: set when the run is made, whoever set them before. */
  experimentTags?: Record<string, string>;
}

/** A trained model, to be logged as MLflow's logged model. */
export interface RecordedModel {
  name: string;
  /** Such as "tfjs-layers-model". */
  type?: string;
  params?: Record<string, string | number | boolean>;
  tags?: Record<string, string>;
  /** Files below the run's folder, which must stay there until they were sent; `path` is the place within the model. */
  files: { file: string; path: string }[];
  /** The step of the run that it is of. */
  step?: number;
  /** What was measured with it; the run has the same points. Numbers that are not finite are the run's alone. */
  metrics?: RecordedModelMetrics[];
}

/** Numbers measured with a model, at a step of the run and on one of its data sets, where they are of one alone. */
export interface RecordedModelMetrics {
  values: Record<string, number>;
  step: number;
  dataset?: { name: string; digest: string };
}

/** A recorder that appends to a spool and never waits for a server. What it refuses, it refuses by `MlflowValidationError`. */
export interface MlflowRecorder extends Recorder {
  /** Names the run from its making on, before any server has seen it. */
  readonly runKey: string;
  /** Whether the spool was there already: the run goes on. */
  readonly resumed: boolean;
  /** A model of the same name again is the same model, its files sent anew. */
  model(model: RecordedModel): void;
  /** Tags of the run that this one stands under, if there is one. */
  parentTags(values: Record<string, string>): void;
  /** Records what processor, memory, disk, network and GPUs do (`system/...`, every 10 s), until the run ends or is closed. */
  watchSystem(): void;
  /** Closes the spool without ending the run, which can be resumed. `end` closes it too. */
  close(): void;
}

/**
 * Opens the record of a run: makes its spool, or goes on with the one that is there. Throws `MlflowValidationError` for
 * names that MLflow does not keep, `MlflowError` when the disk does not take a line.
 */
export function createRecorder(options: RecorderOptions): MlflowRecorder {
  return new SpoolRecorder(options);
}

class SpoolRecorder implements MlflowRecorder {
  readonly runKey: string;
  readonly resumed: boolean;
  readonly #runFolder: string;
  readonly #spool: Spool;
  /** What was recorded before, so that a resumed run repeats nothing. */
  readonly #parameters = new Map<string, string>();
  readonly #parametersBefore = new Set<string>();
  readonly #points = new Map<string, { value: number; time: number }>();
  readonly #once = new Set<string>();
  #stopWatching = (): void => {};

  constructor(options: RecorderOptions) {
    this.#runFolder = path.resolve(options.runFolder);
    const tags = { ...sourceTags(), ...options.tags };
    checkExperimentName(options.experimentName);
    checkText("run name", options.runName, limits.tagCharacters, 1);
    for (const all of [tags, options.parent?.tags, options.experimentTags])
      for (const [key, value] of Object.entries(all ?? {})) checkTag({ key, value });
    const folder = trackingFolder(this.#runFolder);
    this.#spool = new Spool(folder);
    const { records } = readWholeSpool(this.#spool.file);
    const created = records.find((record) => record.kind === "create");
    this.resumed = created !== undefined;
    this.runKey = created?.kind === "create" ? created.key : randomUUID();
    if (created) {
      let earlierError = "";
      for (const record of records) {
        if (record.kind === "params")
          for (const [key, value] of Object.entries(record.values)) {
            this.#parameters.set(key, value);
            this.#parametersBefore.add(key);
          }
        if (record.kind === "metrics")
          for (const [key, value] of Object.entries(record.values))
            this.#points.set(`${record.step} ${key}`, { value: Number(value), time: record.time });
        if (record.kind === "dataset") this.#once.add(JSON.stringify(record));
        if (record.kind === "tags" && record.values.error) earlierError = record.values.error;
      }
      this.#spool.append({ kind: "resume", time: Date.now() });
      if (created.kind === "create") this.tags(changedTags(created.tags, tags));
      if (earlierError) this.tags({ error: "", earlierError });
    } else {
      const { experimentName: experiment, runName: name, parent, parentFolder, experimentTags } = options;
      this.#spool.append({
        kind: "create",
        time: Date.now(),
        key: this.runKey,
        experiment,
        name,
        tags,
        parent: parent && { ...parent, tags: { ...sourceTags(), ...parent.tags } },
        ...(parentFolder !== undefined && { parentRun: { key: keyIn(parentFolder), experiment } }),
        experimentTags,
      });
    }
  }

  parameters(values: Record<string, string | number | boolean>): void {
    const fresh: Record<string, string> = {};
    const changed: Record<string, string> = {};
    for (const [key, raw] of Object.entries(values)) {
      const value = String(raw);
      checkParameter({ key, value });
      const before = this.#parameters.get(key);
      if (before === value) continue;
      if (before === undefined) fresh[key] = value;
      // MLflow's parameters never change. A resumed run may differ (another version, another machine): said in a tag.
      else if (this.#parametersBefore.has(key)) changed[`resumedWith.${key}`] = value;
      else
        throw new MlflowValidationError(
          `parameter "${key}"`,
          `it was recorded as ${JSON.stringify(before)} and cannot become ${JSON.stringify(value)}`,
        );
    }
    if (Object.keys(fresh).length > 0) this.#spool.append({ kind: "params", values: fresh });
    for (const [key, value] of Object.entries(fresh)) this.#parameters.set(key, value);
    if (Object.keys(changed).length > 0) this.tags(changed);
  }

  metrics(values: Record<string, number>, step: number): void {
    const time = Date.now();
    const kept: [string, number][] = [];
    for (const [key, value] of Object.entries(values)) {
      checkMetric({ key, value, step, timestamp: time });
      const before = this.#points.get(`${step} ${key}`);
      // A resumed run that repeats an epoch gives the same number again: one point, not two. But a time that is taken again differs.
      if (!before || !(key.startsWith("time/") || Object.is(before.value, value))) kept.push([key, value]);
    }
    if (kept.length === 0) return;
    this.#spool.append({
      kind: "metrics",
      time,
      step,
      values: Object.fromEntries(kept.map(([key, value]) => [key, spooled(value)])),
    });
    for (const [key, value] of kept) this.#points.set(`${step} ${key}`, { value, time });
  }

  tags(values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) checkTag({ key, value });
    if (Object.keys(values).length > 0) this.#spool.append({ kind: "tags", values });
  }

  parentTags(values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) checkTag({ key, value });
    if (Object.keys(values).length > 0) this.#spool.append({ kind: "parentTags", values });
  }

  dataset(input: RecordedDataset): void {
    const { name, digest, source, role, profile } = input;
    const dataset = { name, digest, source, context: role, profile };
    checkDataset(dataset);
    const record = { kind: "dataset", dataset } as const;
    const text = JSON.stringify(record);
    if (this.#once.has(text)) return;
    this.#spool.append(record);
    this.#once.add(text);
  }

  artifact(file: string, folder = ""): void {
    const inside = this.#below(file);
    const place = folder === "" ? path.posix.basename(inside) : `${folder}/${path.posix.basename(inside)}`;
    checkArtifactPath(place);
    this.#spool.append({ kind: "artifact", file: inside, path: place });
  }

  model(model: RecordedModel): void {
    checkText("model name", model.name, limits.keyCharacters, 1);
    if (/[/:.%"']/.test(model.name))
      throw new MlflowValidationError(`model name "${model.name}"`, "it must hold none of / : . % and quotes");
    const params = Object.fromEntries(Object.entries(model.params ?? {}).map(([key, value]) => [key, String(value)]));
    for (const [key, value] of Object.entries(params)) checkParameter({ key, value });
    for (const [key, value] of Object.entries(model.tags ?? {})) checkTag({ key, value });
    const files = model.files.map(({ file, path: place }) => {
      checkArtifactPath(place);
      return { file: this.#below(file), path: place };
    });
    const metrics = (model.metrics ?? []).flatMap((measured) => this.#measured(measured));
    const { name, type, tags, step } = model;
    const key = `${this.runKey}/${name}`;
    this.#spool.append({ kind: "model", model: { key, name, type, params, tags, files, step, metrics } });
  }

  /** The run's points first, so that model and run hold one point each, with one time. */
  #measured({ values, step, dataset }: RecordedModelMetrics): SpooledModelMetric[] {
    this.metrics(values, step);
    return Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([key, value]) => ({ key, value, step, time: this.#points.get(`${step} ${key}`)!.time, dataset }));
  }

  description(markdown: string): void {
    this.tags(noteTags(markdown));
  }

  watchSystem(): void {
    const steps = [...this.#points.keys()]
      .filter((key) => key.includes(" system/"))
      .map((key) => Number.parseInt(key, 10));
    const firstStep = steps.reduce((highest, step) => Math.max(highest, step), -1) + 1;
    const options = { ...systemMetricsOptions(process.env), firstStep };
    this.#stopWatching = watchSystem((values, step) => this.metrics(values, step), options);
  }

  end(status: RunStatus, error?: string): void {
    if (error) this.tags({ error: cutToTag(error.replaceAll("\0", "")) });
    this.#spool.append({ kind: "end", time: Date.now(), status });
    this.close();
  }

  close(): void {
    this.#stopWatching();
    this.#spool.close();
  }

  /** The file's path relative to the run folder, with "/"; refuses what is not a file below it. */
  #below(file: string): string {
    const full = path.resolve(this.#runFolder, file);
    const inside = path.relative(this.#runFolder, full);
    if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside))
      throw new MlflowValidationError(`artefact "${file}"`, "it must be a file below the run's folder");
    if (!existsSync(full) || !statSync(full).isFile())
      throw new MlflowValidationError(`artefact "${inside}"`, "there is no such file in the run's folder");
    return inside.split(path.sep).join("/");
  }
}

/** The key of the run of a folder, which has a spool. */
function keyIn(runFolder: string): string {
  const { records } = readWholeSpool(path.join(trackingFolder(runFolder), "spool.jsonl"));
  const created = records.find((record) => record.kind === "create");
  if (created?.kind !== "create") throw new Error(`${runFolder} has no tracking record`);
  return created.key;
}

/** What a sitting adds to the tags that the run was made with: new ones, and `resumedWith.<key>` for those that differ. */
function changedTags(before: Record<string, string>, now: Record<string, string>): Record<string, string> {
  const added = Object.entries(now).filter(([key, value]) => before[key] !== value);
  return Object.fromEntries(
    added.map(([key, value]) => [before[key] === undefined ? key : `resumedWith.${key}`, value]),
  );
}

/** Who ran what, in the tags of MLflow's own clients. */
function sourceTags(): Record<string, string> {
  const tags: Record<string, string> = { "mlflow.source.name": "auscult", "mlflow.source.type": "LOCAL" };
  try {
    tags["mlflow.user"] = userInfo().username;
  } catch {
    // A container may have no name for its user.
  }
  return tags;
}
