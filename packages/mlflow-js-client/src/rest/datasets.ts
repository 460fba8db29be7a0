import { refuse, shown } from "../messages.js";
import type { DatasetDescription, DatasetInput } from "../types.js";
import { keyValues } from "./keyValues.js";

const contextTag = "mlflow.data.context";

/** A data set as the server takes it. MLflow's own clients read the source as JSON, whose field depends on the type. */
export function datasetForWire(description: DatasetDescription): DatasetInput {
  const { name, digest, source, sourceType, context, tags, schema, profile } = description;
  const address = /^https?:/.test(source);
  return {
    tags: keyValues({ ...tags, ...(context !== undefined && { [contextTag]: context }) }),
    dataset: {
      name,
      digest,
      source_type: sourceType ?? (address ? "http" : "local"),
      source: JSON.stringify(address ? { url: source } : { uri: source }),
      ...(schema !== undefined && { schema: JSON.stringify(schema) }),
      ...(profile !== undefined && { profile: JSON.stringify(profile) }),
    },
  };
}

/** Refuses two different inputs of one name and digest: the server would drop the second. */
export function refuseTwoOfOne(datasets: readonly DatasetDescription[]): void {
  const seen = new Map<string, string>();
  for (const dataset of datasets) {
    const key = JSON.stringify([dataset.name, dataset.digest]);
    const rest = JSON.stringify(datasetForWire(dataset));
    if (seen.has(key) && seen.get(key) !== rest)
      refuse(
        `dataset ${shown(dataset.name)}`,
        `it is given twice with digest ${shown(dataset.digest)}: a run has one input of a name and digest`,
      );
    seen.set(key, rest);
  }
}

/** Refuses a data set of which the server kept something else than what was said. */
export function refuseUnlessKept(said: DatasetInput, kept: readonly DatasetInput[]): void {
  const { name, digest } = said.dataset;
  const found = kept.find(({ dataset }) => dataset.name === name && dataset.digest === digest);
  const field = `dataset ${shown(name)}`;
  if (found === undefined) refuse(field, "the server did not keep it");
  for (const part of ["source", "source_type", "schema", "profile"] as const)
    if (said.dataset[part] !== undefined && said.dataset[part] !== found.dataset[part])
      refuse(
        field,
        `the experiment has one with digest ${shown(digest)} and another ${part}, ${shown(found.dataset[part])}, which it keeps: give it another name or digest`,
      );
  const tags = new Map(found.tags.map(({ key, value }) => [key, value]));
  for (const { key, value } of said.tags)
    if (tags.get(key) !== value)
      refuse(
        field,
        `it is an input of the run already, with ${key} ${shown(tags.get(key))}, which it keeps: log another name or digest`,
      );
}
