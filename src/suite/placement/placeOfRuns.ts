import { UserError } from "../../userError.js";
import type { KnownRun } from "../running/knownRuns.js";
import type { Placement } from "./placement.js";
import { readSubmission, type Submission } from "./submission.js";

/**
 * Where runs were asked for last, with what their cluster was told then. Throws UserError where they were asked for in several places.
 */
export function placeOfRuns(runs: readonly KnownRun[]): {
  on: Placement["on"];
  resources?: Submission["resources"];
} {
  const places = [...new Set(runs.map(({ asked }) => asked?.placed?.on ?? "local"))];
  if (places.length > 1)
    throw new UserError(
      `these runs were asked for on ${places.join(" and ")}: say where they go on, such as --on ${places[0]}`,
    );
  const on = places[0] ?? "local";
  const newest = runs
    .flatMap(({ asked }) => asked?.placed?.submission ?? [])
    .sort()
    .at(-1);
  if (on === "local" || newest === undefined) return { on };
  return { on, resources: readSubmission(newest).resources };
}
