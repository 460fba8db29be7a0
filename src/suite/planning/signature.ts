import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../../features/canonicalJson.js";
import type { PreparedRun, RunRequest } from "../../papers/paper.js";
import type { Precision } from "../../training/runIdentity.js";

/**
 * Whether something is part of a run's signature: "in" as it is, "by what it names" where only what follows from it is, or left out with
 * the reason.
 */
export type Standing = "in" | "by what it names" | { leftOut: string };

/** Of everything that a run can be asked for. A field that is not listed here does not compile. */
export const REQUEST_IN_SIGNATURE: Readonly<Record<keyof RunRequest, Standing>> = {
  experiment: { leftOut: "a name: the same run may fill cells of several tables" },
  row: "by what it names",
  task: "in",
  fold: "in",
  protocol: "in",
  preset: "in",
  profile: "by what it names",
  seed: "in",
  dataDir: { leftOut: "a place: the data's content is in, wherever it lies" },
  init: "by what it names",
  precision: "in",
  set: "by what it names",
  budget: "by what it names",
  tuned: "by what it names",
};

/** Of what a run is made from and made on, besides. */
export const SURROUNDINGS_IN_SIGNATURE: Readonly<Record<string, Standing>> = {
  recipe: "in",
  recipeVersion: "in",
  network: "in",
  frontEnd: "in",
  "digest of the data": "in",
  "digest of the split": "in",
  "digest of starting weights": "in",
  "hours of a budget": { leftOut: "the epochs that they gave are in" },
  threads: { leftOut: "decides the last bits alone, and is fixed when a run is begun; kept in its plan and record" },
  jobs: { leftOut: "processes at once share nothing" },
  "engine and processor": {
    leftOut: "decide the last bits alone; kept in checkpoints, and a change on the way is told",
  },
  "code revision": { leftOut: "most changes alter no result; one that does raises the recipe's version" },
  "host, date, process": { leftOut: "no result depends on them" },
  "tracking server": { leftOut: "it is told, it does not tell" },
};

/** What decides a run's result, and its digest of 16 hex digits. */
export function signatureOf(
  { identity }: Pick<PreparedRun, "identity">,
  precision: Precision,
): { signature: string; settings: Record<string, unknown> } {
  // Through JSON, which drops options that are undefined: an option not given is no part of what was asked.
  // float32 is not named, so that a run keeps the signature from before there was a choice.
  const decisive = { ...identity, ...(precision !== "float32" && { precision }) };
  const settings = JSON.parse(JSON.stringify(decisive)) as Record<string, Json>;
  return { signature: createHash("sha256").update(canonicalJson(settings)).digest("hex").slice(0, 16), settings };
}
