import { createHash } from "node:crypto";
import type { Json } from "../features/canonicalJson.js";
import { digestText } from "../features/frontEnd.js";
import type { TestPath } from "./testPath.js";

/** What turns a clip into a model's input, and what the model's outputs are called: `preprocessing.json` beside a saved model. */
export interface Preprocessing {
  format: 1;
  /** The recipe's name, as `auscult features` takes it. */
  recipe: string;
  /** What the recipe was asked for; of recipes that can be asked for several things. */
  parameters?: Json;
  /** SHA-256 over everything below but the labels: equal digests, equal inputs. 32 hexadecimal digits. */
  digest: string;
  sampleRateHz: number;
  resampler: string;
  /** What is done around the front end: lengths, padding, cropping. */
  alignment: Json;
  /** Where the numbers of the run were measured with other steps: which. */
  evaluatedOtherwise?: Record<string, Json>;
  /** Normalisation and its constants are among the options. */
  frontEnd: { name: string; options: Json; rows: number; channels: number; digest: string };
  /** `[rows, frames, channels]` */
  inputShape: readonly number[];
  /** Such as "sprsound/11". */
  task: string;
  /** In the order of the model's outputs, which are logits. */
  labels: readonly string[];
}

/** The preprocessing of a model that takes what `path` gives. */
export function preprocessingOf(
  path: TestPath,
  model: Pick<Preprocessing, "inputShape" | "task" | "labels">,
  /** What the run's evaluation did otherwise than `path`. */
  otherwise: Record<string, Json> = {},
): Preprocessing {
  const { recipe, parameters, resampler, steps, frontEnd } = path;
  const { name, options, rows, channels = 1, sampleRateHz } = frontEnd;
  const { inputShape, task, labels } = model;
  return {
    ...{ format: 1, recipe, ...(parameters !== undefined && { parameters }) },
    ...{ digest: digestOf(path.digest), sampleRateHz, resampler, alignment: steps },
    ...(Object.keys(otherwise).length > 0 && { evaluatedOtherwise: otherwise }),
    frontEnd: { name, options, rows, channels, digest: digestOf(digestText(frontEnd)) },
    ...{ inputShape, task, labels: [...labels] },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
