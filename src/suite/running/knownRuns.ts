import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../../node/paths.js";
import type { RunRequest } from "../../papers/paper.js";
import { UserError } from "../../userError.js";
import { nearest } from "../nearest.js";
import { runName } from "../recording/runDescription.js";
import { experimentIds } from "../registry.js";
import { type FolderStatus, folderStatus } from "./folderState.js";

/** A run folder of this machine, or of those that share its runs, and how it stands. */
export interface KnownRun extends FolderStatus {
  runId: string;
  folder: string;
  /** For people; the id where the folder does not say what was asked for. */
  name: string;
  /** Undefined where the folder does not say. */
  request: RunRequest | undefined;
}

/**
 * Runs that were asked for or begun, by name of an experiment, or of a run (as much of it as no other has), or all. Throws UserError with
 * the nearest names for what is neither.
 */
export function knownRuns(which?: string): KnownRun[] {
  const folder = path.join(mlrunsFolder(), "runs");
  const ids = existsSync(folder) ? readdirSync(folder).sort() : [];
  return matching(which, ids).map((runId) => {
    const status = folderStatus(path.join(folder, runId));
    const request = status.asked?.request;
    const name = request ? `${request.experiment}: ${runName(request, false)}` : runId;
    return { runId, folder: path.join(folder, runId), name, request, ...status };
  });
}

/** The folder of one run, or of one stage, by its name or as much of it as no other has. */
export function oneFolder(which: string): { id: string; folder: string } {
  const places = ["runs", "stages"].flatMap((kind) => {
    const folder = path.join(mlrunsFolder(), kind);
    return existsSync(folder) ? readdirSync(folder).map((id) => ({ id, folder: path.join(folder, id) })) : [];
  });
  const found = places.filter(({ id }) => id === which);
  if (found.length === 0) found.push(...places.filter(({ id }) => id.startsWith(which)));
  if (found.length === 1) return found[0]!;
  const ids = (found.length > 0 ? found : places).map(({ id }) => id);
  if (found.length > 1)
    throw new UserError(`"${which}" is the beginning of ${found.length} runs: ${ids.slice(0, 5).join(", ")}${ids.length > 5 ? ", ..." : ""}; name one`); // biome-ignore format: one sentence
  throw new UserError(`run "${which}" is not known${nearest(which, ids)}; \`npx auscult status\` shows all`);
}

function matching(which: string | undefined, ids: readonly string[]): readonly string[] {
  if (which === undefined) return ids;
  const experiments = experimentIds();
  if (experiments.includes(which)) return ids.filter((id) => id.startsWith(`${which.replace(/[^a-z0-9]+/g, "-")}_`));
  const found = ids.includes(which) ? [which] : ids.filter((id) => id.startsWith(which));
  if (found.length > 0) return found;
  throw new UserError(
    `"${which}" is no experiment and no run${nearest(which, [...experiments, ...ids])}; \`npx auscult status\` shows runs, \`npx auscult list\` experiments`,
  );
}
