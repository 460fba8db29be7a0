import { createHash } from "node:crypto";
import { fileDigests } from "../../node/fileDigests.js";
import { pathBelow } from "../files.js";
import { type Problem, throwErrors } from "../problem.js";
import { findIcbhi } from "./layout.js";
import type { IcbhiLists } from "./lists.js";
import type { IcbhiRecording } from "./recording.js";
import { scanIcbhi } from "./scan.js";

export interface Icbhi {
  readonly root: string;
  /** True for a set written by `data demo`; whatever is computed from it says so. */
  readonly madeUp: boolean;
  /** By name. */
  readonly recordings: readonly IcbhiRecording[];
  readonly lists: IcbhiLists;
  /** 32 hex digits over names, cycles and the content of each WAV at hand. Reads them all when first asked for. */
  readonly digest: string;
  /** What was found: of the annotations only warnings and notes, since errors are thrown; of the lists also errors. */
  readonly problems: readonly Problem[];
}

/**
 * Reads all annotations and lists of ICBHI and pairs the annotations with their WAV files, without opening those.
 * @param dataDir the folder that holds `icbhi/`, or that folder itself
 * @throws UserError when there is nothing, and when an annotation or the list of corrected names is wrong, with the first few
 *   files and lines; an error in another list is thrown by the split that needs it
 */
export function loadIcbhi(dataDir: string): Icbhi {
  const layout = findIcbhi(dataDir);
  const { recordings, lists, problems } = scanIcbhi(layout);
  // All names depend on the corrections; the other lists matter to who uses them.
  const { corrections: _, ...others } = layout.lists;
  const listFiles = new Set(Object.values(others).map((file) => pathBelow(layout.root, file)));
  const errors = problems.filter(({ severity, file }) => severity === "error" && !listFiles.has(file));
  throwErrors(`ICBHI in ${layout.root} cannot be used`, errors, "auscult data check icbhi");
  let digest: string | undefined;
  return {
    root: layout.root,
    madeUp: layout.madeUp,
    recordings,
    lists,
    get digest() {
      digest ??= digestOf(recordings);
      return digest;
    },
    problems,
  };
}

function digestOf(recordings: readonly IcbhiRecording[]): string {
  const withAudio = recordings.filter(({ file }) => file !== undefined);
  const sounds = fileDigests(withAudio.map(({ file }) => file!));
  const soundOf = new Map(withAudio.map(({ name }, index) => [name, sounds[index]!]));
  const lines = recordings.map(({ name, cycles }) =>
    JSON.stringify([name, soundOf.get(name) ?? null, cycles.map((c) => [c.label, c.startSeconds, c.endSeconds])]),
  );
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex").slice(0, 32);
}
