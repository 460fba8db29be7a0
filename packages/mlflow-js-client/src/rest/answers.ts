import { metricFromWire } from "../batches.js";
import { MlflowError } from "../errors.js";
import type {
  DatasetInput,
  Experiment,
  KeyValue,
  LoggedModel,
  ModelVersion,
  RegisteredModel,
  Run,
  RunInfo,
} from "../types.js";

/**
 * What the server answers, as its types say it: 64-bit integers, which some servers send as strings, are numbers;
 * lists that it leaves out when they are empty are there; an empty text that stands for "none" is undefined.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a server sends is whatever it sends
type Wire = any;

const number = (value: unknown): number => Number(value ?? 0);
const optionalNumber = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));
const optionalText = (value: unknown): string | undefined => (value === "" ? undefined : (value as string | undefined));

/** What an answer must hold. Throws `MlflowError` where it holds something else: what answered was not MLflow. */
function held(wire: Wire, what: string): Wire {
  if (typeof wire !== "object" || wire === null) throw new MlflowError(`the answer holds no ${what}`, 200, "NOT_JSON");
  return wire;
}

/** Tags and parameters; an empty value may be left out by the server. */
function pairs(list: Wire): KeyValue[] {
  return ((list ?? []) as Partial<KeyValue>[]).map(({ key, value }) => ({ key: key ?? "", value: value ?? "" }));
}

/** The text of that name in an answer. Throws `MlflowError` where there is none. */
export function textFrom(wire: Wire, name: string): string {
  if (typeof wire[name] !== "string") throw new MlflowError(`the answer holds no ${name}`, 200, "NOT_JSON");
  return wire[name];
}

export function experimentFrom(wire: Wire): Experiment {
  held(wire, "experiment");
  return {
    ...wire,
    creation_time: optionalNumber(wire.creation_time),
    last_update_time: optionalNumber(wire.last_update_time),
    tags: pairs(wire.tags),
  };
}

export function runInfoFrom(wire: Wire): RunInfo {
  held(wire, "run");
  return {
    ...wire,
    user_id: optionalText(wire.user_id),
    start_time: number(wire.start_time),
    end_time: optionalNumber(wire.end_time),
  };
}

export function runFrom(wire: Wire): Run {
  const { info, data, inputs, outputs } = held(wire, "run");
  return {
    info: runInfoFrom(info),
    data: {
      metrics: ((data?.metrics ?? []) as Wire[]).map(metricFromWire),
      params: pairs(data?.params),
      tags: pairs(data?.tags),
    },
    inputs: {
      dataset_inputs: ((inputs?.dataset_inputs ?? []) as Wire[]).map(
        (input): DatasetInput => ({ dataset: input.dataset, tags: pairs(input.tags) }),
      ),
      model_inputs: inputs?.model_inputs ?? [],
    },
    outputs: {
      model_outputs: ((outputs?.model_outputs ?? []) as Wire[]).map(({ model_id, step }) => ({
        model_id,
        step: number(step),
      })),
    },
  };
}

export function loggedModelFrom(wire: Wire): LoggedModel {
  const { info, data } = held(wire, "logged model");
  held(info, "logged model");
  return {
    info: {
      ...info,
      creation_timestamp_ms: number(info.creation_timestamp_ms),
      last_updated_timestamp_ms: number(info.last_updated_timestamp_ms),
      source_run_id: optionalText(info.source_run_id),
      model_type: optionalText(info.model_type),
      status_message: optionalText(info.status_message),
      tags: pairs(info.tags),
    },
    data: { params: pairs(data?.params), metrics: ((data?.metrics ?? []) as Wire[]).map(metricFromWire) },
  };
}

export function modelVersionFrom(wire: Wire): ModelVersion {
  held(wire, "model version");
  return {
    ...wire,
    version: number(wire.version),
    creation_timestamp: number(wire.creation_timestamp),
    last_updated_timestamp: number(wire.last_updated_timestamp),
    description: optionalText(wire.description),
    run_id: optionalText(wire.run_id),
    run_link: optionalText(wire.run_link),
    // The server keeps it in the source alone.
    model_id: optionalText(wire.model_id) ?? /^models:\/(m-[0-9a-f]+)$/.exec(wire.source ?? "")?.[1],
    status_message: optionalText(wire.status_message),
    tags: pairs(wire.tags),
    aliases: wire.aliases ?? [],
  };
}

export function registeredModelFrom(wire: Wire): RegisteredModel {
  held(wire, "registered model");
  return {
    ...wire,
    creation_timestamp: number(wire.creation_timestamp),
    last_updated_timestamp: number(wire.last_updated_timestamp),
    description: optionalText(wire.description),
    latest_versions: ((wire.latest_versions ?? []) as Wire[]).map(modelVersionFrom),
    tags: pairs(wire.tags),
    aliases: ((wire.aliases ?? []) as Wire[]).map(({ alias, version }) => ({ alias, version: number(version) })),
  };
}
