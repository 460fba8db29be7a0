import { MlflowValidationError } from "./errors.js";
import type { DatasetDescription, KeyValue, Metric, RunStatus } from "./types.js";

/** The server's limits, as MLflow 3.17 has them in `mlflow/utils/validation.py`. */
export const limits = {
  keyCharacters: 250,
  parameterCharacters: 6000,
  tagCharacters: 8000,
  experimentNameCharacters: 500,
  datasetNameCharacters: 500,
  datasetDigestCharacters: 36,
  datasetSourceCharacters: 65_535,
  inputTagCharacters: 500,
  metricsPerBatch: 1000,
  parametersPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1000,
  /** The server allows one million; what is left is room for the envelope. */
  bytesPerBatch: 950_000,
} as const;

const statuses: readonly string[] = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function refuse(field: string, message: string): never {
  throw new MlflowValidationError(field, message);
}

/** A string that a database can hold: no lone surrogate, no NUL. Throws `MlflowValidationError`. */
export function checkText(field: string, value: unknown, maximum: number, minimum = 0): asserts value is string {
  if (typeof value !== "string") refuse(field, `${shown(value)} is a ${typeof value}, it must be a string`);
  if (value.length < minimum) refuse(field, "it must not be empty");
  if (value.length > maximum)
    refuse(field, `it has ${value.length} characters, at most ${maximum} are kept by the server`);
  if (value.includes("\0")) refuse(field, "it contains a NUL character, which databases refuse");
  if (/\p{Surrogate}/u.test(value)) refuse(field, "it contains half of a character (a lone surrogate)");
}

/** A name of a metric, parameter or tag. Throws `MlflowValidationError`. */
export function checkKey(kind: "metric" | "parameter" | "tag", key: unknown): asserts key is string {
  const field = `${kind} ${shown(key)}`;
  checkText(field, key, limits.keyCharacters, 1);
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(key))
    refuse(field, "a name may hold letters, digits, spaces and _ - . / : and nothing else");
  if (key.split("/").some((part) => part === "" || part === "." || part === ".."))
    refuse(field, 'a name must be a normal relative path: no leading, trailing or double "/", no "." or ".." in it');
}

/** A time in whole milliseconds since 1970. Throws `MlflowValidationError`. */
export function checkTime(field: string, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    refuse(
      field,
      `time ${shown(value)} must be whole milliseconds since 1970 (Date.now(); performance.now() is another clock)`,
    );
}

/** Throws `MlflowValidationError`. NaN and infinities are allowed. */
export function checkMetric(metric: Metric): void {
  checkKey("metric", metric.key);
  const field = `metric "${metric.key}"`;
  if (typeof metric.value !== "number")
    refuse(field, `value ${shown(metric.value)} is a ${typeof metric.value}, it must be a number`);
  if (!Number.isSafeInteger(metric.step)) refuse(field, `step ${shown(metric.step)} must be an integer`);
  checkTime(field, metric.timestamp);
}

/** Throws `MlflowValidationError`: among others for a value over 6,000 characters, which the server would cut. */
export function checkParameter(parameter: KeyValue): void {
  checkKey("parameter", parameter.key);
  checkText(`parameter "${parameter.key}"`, parameter.value, limits.parameterCharacters);
}

/** Throws `MlflowValidationError`. */
export function checkTag(tag: KeyValue): void {
  checkKey("tag", tag.key);
  checkText(`tag "${tag.key}"`, tag.value, limits.tagCharacters);
}

/** Throws `MlflowValidationError` for a word that the server would ignore. */
export function checkStatus(status: unknown): asserts status is RunStatus {
  if (!statuses.includes(status as string)) refuse("run status", `${shown(status)} is none of ${statuses.join(", ")}`);
}

/** Throws `MlflowValidationError`. */
export function checkDataset(dataset: DatasetDescription): void {
  checkText("dataset name", dataset.name, limits.datasetNameCharacters, 1);
  const field = `dataset "${dataset.name}"`;
  checkText(`${field} digest`, dataset.digest, limits.datasetDigestCharacters, 1);
  checkText(`${field} source`, dataset.source, limits.datasetSourceCharacters, 1);
  if (dataset.sourceType !== undefined) checkText(`${field} source type`, dataset.sourceType, 36, 1);
  if (dataset.context !== undefined) checkText(`${field} context`, dataset.context, limits.inputTagCharacters, 1);
}

/** A place among a run's artefacts: a relative path with forward slashes. Throws `MlflowValidationError`. */
export function checkArtifactPath(path: unknown): asserts path is string {
  const field = `artefact path ${shown(path)}`;
  checkText(field, path, 500, 1);
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    refuse(field, 'it must be a relative path with single "/" and no "." or ".." in it');
  // The server refuses "#" and decodes "%" once more.
  if (/[\\#%\p{Cc}]/u.test(path)) refuse(field, 'it must hold no "#", "%", backslash or control character');
}

/** Throws `MlflowValidationError`. */
export function checkExperimentName(name: unknown): asserts name is string {
  checkText("experiment name", name, limits.experimentNameCharacters, 1);
  if (name.trim() === "") refuse("experiment name", "it must not be blank");
}
