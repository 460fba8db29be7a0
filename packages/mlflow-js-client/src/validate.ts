import { limits } from "./limits.js";
import { refuse, refuseType, shown } from "./messages.js";
import type { DatasetDescription, KeyValue, Metric, RunStatus } from "./types.js";

export { limits } from "./limits.js";

const statuses: readonly string[] = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

/** Code points, as Python counts: an emoji is one, of two UTF-16 units. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * A string that a database can hold: no lone surrogate, no NUL; `minimum` to `maximum` code points.
 * Throws `MlflowValidationError`.
 */
export function checkText(field: string, value: unknown, maximum: number, minimum = 0): asserts value is string {
  if (typeof value !== "string") refuseType(field, value, "a string");
  if (value.length < minimum) refuse(field, "it must not be empty");
  if (value.length > maximum) {
    const count = characters(value);
    if (count > maximum) refuse(field, `${shown(value)} has ${count} characters, at most ${maximum} are kept`);
  }
  if (value.includes("\0")) refuse(field, `${shown(value)} contains a NUL character, which databases refuse`);
  if (/\p{Surrogate}/u.test(value))
    refuse(field, `${shown(value)} contains half of a character (a lone surrogate), which UTF-8 cannot hold`);
}

/** A name of a metric, parameter or tag. Throws `MlflowValidationError`. */
export function checkKey(kind: "metric" | "parameter" | "tag", key: unknown): asserts key is string {
  // The field is made only for a message: this runs once for each logged value.
  if (typeof key !== "string") refuseType(`name of a ${kind}`, key, "a string");
  if (key === "") refuse(`${kind} ""`, "its name must not be empty");
  if (key.length > limits.keyCharacters) checkText(`name of a ${kind}`, key, limits.keyCharacters);
  if (!/^[/\p{L}\p{N}_.\- :]+$/u.test(key))
    refuse(`${kind} ${shown(key)}`, "a name may hold letters, digits, spaces and _ - . / : and nothing else");
  if (key === "__proto__") refuse(`${kind} "__proto__"`, "an object of JavaScript cannot hold that name");
  if (/^\/|\/$|\/\/|(^|\/)\.{1,2}(\/|$)|^\.\./.test(key))
    refuse(
      `${kind} ${shown(key)}`,
      'a name must be a normal relative path: no leading, trailing or double "/", no part "." or "..", and no ".." at its start',
    );
}

/** An id that the server gave: of a run, an experiment or a logged model. Throws `MlflowValidationError`. */
export function checkId(kind: "run" | "experiment" | "logged model", id: unknown): asserts id is string {
  if (typeof id !== "string") refuseType(`${kind} id`, id, "a string");
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(id))
    refuse(
      `${kind} id`,
      `${shown(id)} is none: an id holds letters, digits, "_" and "-" and begins with a letter or digit`,
    );
}

/** A time in whole milliseconds since 1970. Throws `MlflowValidationError`. */
export function checkTime(field: string, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    refuse(
      field,
      `time ${shown(value)} must be whole milliseconds since 1970 (Date.now(); performance.now() is another clock)`,
    );
}

/**
 * NaN and infinities are allowed; -0 is written as 0. Throws `MlflowValidationError`: among others for the largest finite
 * number, which is how the server writes an infinity.
 */
export function checkMetric(metric: Metric): void {
  const { key, value, step } = metric;
  checkKey("metric", key);
  if (typeof value !== "number") refuseType(`metric ${shown(key)} value`, value, "a number");
  if (Math.abs(value) === Number.MAX_VALUE)
    refuse(
      `metric ${shown(key)}`,
      `value ${value} is how the server writes ${value > 0 ? "" : "-"}Infinity and would be read as that: log the infinity`,
    );
  if (!Number.isSafeInteger(step))
    refuse(`metric ${shown(key)}`, `step ${shown(step)} must be an integer between -(2^53 - 1) and 2^53 - 1`);
  checkTime(`metric ${shown(key)}`, metric.timestamp);
  if (metric.model_id !== undefined) checkId("logged model", metric.model_id);
  if (metric.dataset_digest !== undefined && metric.dataset_name === undefined)
    refuse(`metric ${shown(key)}`, "dataset_digest stands only beside dataset_name");
  if (metric.dataset_name !== undefined)
    checkText(`metric ${shown(key)} dataset name`, metric.dataset_name, limits.datasetNameCharacters, 1);
  if (metric.dataset_digest !== undefined)
    checkText(`metric ${shown(key)} dataset digest`, metric.dataset_digest, limits.datasetDigestCharacters, 1);
}

/** Throws `MlflowValidationError`: among others for a value over 6,000 characters, which the server would cut. */
export function checkParameter(parameter: KeyValue): void {
  checkKey("parameter", parameter.key);
  checkText(`parameter ${shown(parameter.key)}`, parameter.value, limits.parameterCharacters);
}

/** The tag that is a run's name. */
const runNameTag = "mlflow.runName";

/** A tag of a run or logged model, at most 8,000 characters. Throws `MlflowValidationError`. */
export function checkTag(tag: KeyValue): void {
  checkKey("tag", tag.key);
  if (tag.key === runNameTag) checkRunName(tag.value, `tag "${runNameTag}"`);
  checkText(`tag ${shown(tag.key)}`, tag.value, limits.tagCharacters);
}

/** A tag of an experiment, at most 20,000 characters. Throws `MlflowValidationError`. */
export function checkExperimentTag(tag: KeyValue): void {
  checkKey("tag", tag.key);
  checkText(`tag ${shown(tag.key)}`, tag.value, limits.experimentTagCharacters);
}

/** Throws `MlflowValidationError`: an empty name would be replaced by one that the server draws. */
export function checkRunName(name: unknown, field = "run name"): asserts name is string {
  checkText(field, name, limits.runNameCharacters, 1);
}

/** Throws `MlflowValidationError` for a word that the server would ignore. */
export function checkStatus(status: unknown): asserts status is RunStatus {
  if (!statuses.includes(status as string)) refuse("run status", `${shown(status)} is none of ${statuses.join(", ")}`);
}

/** Throws `MlflowValidationError`. */
export function checkDataset(dataset: DatasetDescription): void {
  checkText("dataset name", dataset.name, limits.datasetNameCharacters, 1);
  const field = `dataset ${shown(dataset.name)}`;
  checkText(`${field} digest`, dataset.digest, limits.datasetDigestCharacters, 1);
  checkText(`${field} source`, dataset.source, limits.datasetSourceCharacters, 1);
  if (dataset.sourceType !== undefined)
    checkText(`${field} source type`, dataset.sourceType, limits.datasetSourceTypeCharacters, 1);
  if (dataset.context !== undefined) checkText(`${field} context`, dataset.context, limits.inputTagCharacters, 1);
  for (const [key, value] of Object.entries(dataset.tags ?? {})) {
    checkText(`${field} tag ${shown(key)} name`, key, limits.inputTagKeyCharacters, 1);
    checkText(`${field} tag ${shown(key)}`, value, limits.inputTagCharacters);
  }
  checkJson(`${field} schema`, dataset.schema, limits.datasetSchemaCharacters);
  checkJson(`${field} profile`, dataset.profile, limits.datasetProfileCharacters);
}

/** Throws `MlflowValidationError` for what JSON cannot say: it would be written as null or left out. */
function checkJson(field: string, value: unknown, maximum: number): void {
  if (value === undefined) return;
  const visit = (part: unknown, place: string): void => {
    if (typeof part === "string") checkText(place, part, maximum);
    else if (typeof part === "number" && !Number.isFinite(part)) refuse(place, `${part} has no place in JSON`);
    else if (typeof part === "object" && part !== null)
      for (const [key, inner] of Object.entries(part)) visit(inner, `${place}.${key}`);
    else if (!["number", "boolean", "object"].includes(typeof part))
      refuseType(place, part, "a number, a string, a boolean, null, or arrays and objects of these");
  };
  visit(value, field);
  checkText(field, JSON.stringify(value), maximum);
}

/** A place among a run's artefacts: a relative path with forward slashes. Throws `MlflowValidationError`. */
export function checkArtifactPath(path: unknown): asserts path is string {
  const field = `artefact path ${shown(path)}`;
  checkText(field, path, 500, 1);
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    refuse(field, 'it must be a relative path with single "/" and no "." or ".." in it');
  if (path.split("/").some((part) => Buffer.byteLength(part) > 255))
    refuse(field, "a part of it has more than 255 bytes, which file systems refuse");
  // The server refuses "#" and decodes "%" once more.
  if (/[\\#%\p{Cc}]/u.test(path)) refuse(field, 'it must hold no "#", "%", backslash or control character');
}

/** Throws `MlflowValidationError`. */
export function checkExperimentName(name: unknown): asserts name is string {
  checkText("experiment name", name, limits.experimentNameCharacters, 1);
  if (name.trim() === "") refuse("experiment name", `${shown(name)} is blank`);
}
