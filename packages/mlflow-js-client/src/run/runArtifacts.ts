import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { MlflowValidationError } from "../errors.js";
import { checkArtifactPath, checkParameter, checkTag, checkText, checkTime, limits } from "../validate.js";
import { checkLoggedModelName } from "../validateModels.js";
import { imageFormat, loggedImagesTag, steppedImagePlaces } from "./images.js";
import { foldersOf } from "./knownRun.js";
import { filesBelow, type KeptFile, RunFiles } from "./runFiles.js";
import { type MetricOptions, RunLog, type RunLogOptions } from "./runLog.js";
import type { Scalar } from "./runTags.js";
import {
  appendTable,
  checkTableFile,
  loggedArtifactsTag,
  type SplitTable,
  splitTable,
  type TableData,
} from "./tables.js";

export interface FileOptions {
  /**
   * False: the file is sent from where it lies, and must stay there unchanged until it was. Else it is copied to the run's
   * folder first, before the call returns.
   */
  copy?: boolean;
}

/** A trained model: its files, by their places within the model, as paths of files or as content, or a whole folder. */
export interface ModelDescription {
  name: string;
  files: string | Readonly<Record<string, string | Uint8Array>>;
  /** Such as "tfjs-layers-model". */
  type?: string;
  params?: Readonly<Record<string, Scalar>>;
  tags?: Readonly<Record<string, string>>;
  /** How the model can be loaded, by MLflow's name of the way; written to `MLmodel` unless the files hold one. */
  flavors?: Readonly<Record<string, unknown>>;
  /** The step of the run that the model is of; 0 unless given. */
  step?: number;
}

/** The files of a run. What `RunLog` says of its methods holds for these. */
export class RunArtifacts extends RunLog {
  readonly #files: RunFiles;
  /** The tables of this process, which a second call appends to. */
  readonly #tables = new Map<string, SplitTable>();

  constructor(options: RunLogOptions) {
    super(options);
    this.#files = new RunFiles(options.folder);
  }

  /** Logs a file under its own name, in a folder of the run's artefacts where one is given. */
  logArtifact(file: string, folder = "", options: FileOptions = {}): void {
    const place = below(folder, path.basename(file));
    this.#log(place, () => this.#files.keep(file, place, options.copy !== false));
  }

  /** Logs all files below a folder, with the folders they are in. */
  logArtifacts(directory: string, folder = "", options: FileOptions = {}): void {
    const files = filesBelow(directory);
    for (const file of files) this.#checkPlace(below(folder, file));
    for (const file of files) {
      const place = below(folder, file);
      this.#log(place, () => this.#files.keep(path.join(directory, file), place, options.copy !== false));
    }
  }

  /** Logs a text as the artefact of that name, such as "notes/why.md". */
  logText(text: string, artifactFile: string): void {
    if (typeof text !== "string")
      throw new MlflowValidationError(`artefact "${artifactFile}"`, "the text is no string");
    this.logBytes(text, artifactFile);
  }

  /** Logs bytes as the artefact of that name. */
  logBytes(content: Uint8Array | string, artifactFile: string): void {
    this.#log(artifactFile, () => this.#files.write(content, artifactFile));
  }

  /** Logs a value as JSON (Python's `log_dict`). */
  logJson(value: unknown, artifactFile: string): void {
    const json = JSON.stringify(value, null, 2);
    if (json === undefined)
      throw new MlflowValidationError(`artefact "${artifactFile}"`, `a ${typeof value} cannot be written as JSON`);
    this.logBytes(`${json}\n`, artifactFile);
  }

  /** Logs a page, which MLflow shows live. Everything it needs must stand in it. */
  logHtml(html: string, artifactFile: string): void {
    if (!/\.html?$/i.test(artifactFile))
      throw new MlflowValidationError(
        `artefact "${artifactFile}"`,
        'its name must end in ".html", else it is shown as text',
      );
    this.logText(html, artifactFile);
  }

  /**
   * Logs a table as Python's `log_table` does: MLflow's pages compare it over runs, `load_table` reads it. A second call of
   * that name appends rows.
   */
  logTable(data: TableData, artifactFile: string): void {
    checkTableFile(artifactFile);
    checkArtifactPath(artifactFile);
    const fresh = splitTable(data);
    const before = this.#tables.get(artifactFile);
    if (!before && this.known.tables.has(artifactFile))
      throw new MlflowValidationError(
        `table "${artifactFile}"`,
        "it was logged before this run was resumed and would be replaced: use another name",
      );
    const table = before ? appendTable(before, fresh) : fresh;
    this.#log(artifactFile, () => this.#files.write(JSON.stringify(table), artifactFile));
    this.#tables.set(artifactFile, table);
    if (this.known.tables.has(artifactFile)) return;
    const tables = [...this.known.tables, artifactFile].map((place) => ({ path: place, type: "table" }));
    this.setTag(loggedArtifactsTag, JSON.stringify(tables));
    this.known.tables.add(artifactFile);
  }

  /**
   * Logs a finished picture (PNG, JPEG, GIF, WebP or SVG, as bytes or as a file): under a file name, or over steps under a
   * key, which MLflow's page then shows with a slider.
   */
  logImage(image: Uint8Array | string, target: string | ({ key: string } & MetricOptions)): void {
    const bytes = typeof image === "string" ? readFile(image) : image;
    const format = imageFormat(bytes);
    if (typeof target === "string") {
      this.logBytes(bytes, target);
      return;
    }
    const { key, step = 0, timestamp = Date.now() } = target;
    if (!Number.isSafeInteger(step))
      throw new MlflowValidationError(`image "${key}"`, `step ${step} must be an integer`);
    checkTime(`image "${key}"`, timestamp);
    const [place, smaller] = steppedImagePlaces(key, step, timestamp, format);
    this.#log(place, () => {
      const kept = this.#files.write(bytes, place);
      // Nothing here makes pictures smaller; a browser knows them by their first bytes, whatever their name.
      this.append({ kind: "artifact", file: kept.file, path: smaller });
      return kept;
    });
    this.setTag(loggedImagesTag, "True");
  }

  /** Logs a model with its files (MLflow 3's logged models), as an output of the run. */
  logModel(model: ModelDescription): void {
    this.checkOpen();
    const { name, type, tags, step } = model;
    checkLoggedModelName(name);
    if (type !== undefined) checkText(`model "${name}" type`, type, limits.loggedModelTypeCharacters, 1);
    if (step !== undefined && !Number.isSafeInteger(step))
      throw new MlflowValidationError(`model "${name}"`, `step ${step} must be an integer`);
    const params = Object.fromEntries(Object.entries(model.params ?? {}).map(([key, value]) => [key, String(value)]));
    for (const [key, value] of Object.entries(params)) checkParameter({ key, value });
    for (const [key, value] of Object.entries(tags ?? {})) checkTag({ key, value });
    const sources = typeof model.files === "string" ? inFolder(model.files) : { ...model.files };
    sources.MLmodel ??= Buffer.from(`${JSON.stringify(modelFile(model), null, 2)}\n`);
    for (const place of Object.keys(sources)) {
      checkArtifactPath(place);
      for (const folder of foldersOf(place))
        if (Object.hasOwn(sources, folder))
          throw new MlflowValidationError(`model "${name}"`, `"${folder}" is a file and the folder of "${place}"`);
    }
    this.orReport(() => {
      const files = Object.entries(sources).map(([place, source]) =>
        typeof source === "string" ? this.#files.keep(source, place, true) : this.#files.write(source, place),
      );
      this.append({ kind: "model", model: { key: randomUUID(), name, type, params, tags, files, step } });
    });
  }

  #log(place: string, keep: () => KeptFile): void {
    this.#checkPlace(place);
    this.checkOpen();
    this.orReport(() => this.append({ kind: "artifact", ...keep() }));
    this.known.addFile(place);
  }

  /** Throws `MlflowValidationError` also where no store has room: a file cannot be a folder of another one. */
  #checkPlace(place: string): void {
    checkArtifactPath(place);
    if (this.known.folders.has(place))
      throw new MlflowValidationError(`artefact "${place}"`, "it is the folder of another artefact of this run");
    for (const folder of foldersOf(place))
      if (this.known.files.has(folder))
        throw new MlflowValidationError(`artefact "${place}"`, `"${folder}" is a file among this run's artefacts`);
  }
}

function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder.replace(/\/+$/, "")}/${name}`;
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new MlflowValidationError(`file "${file}"`, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function inFolder(folder: string): Record<string, string | Uint8Array> {
  return Object.fromEntries(filesBelow(folder).map((file) => [file, path.join(folder, file)]));
}

/** What Python's client reads as a model's description; JSON is YAML too. */
function modelFile(model: ModelDescription): Record<string, unknown> {
  return {
    artifact_path: model.name,
    flavors: model.flavors ?? {},
    utc_time_created: new Date().toISOString().replace("T", " ").replace("Z", "000"),
  };
}
