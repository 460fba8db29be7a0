import { createHash } from "node:crypto";
import type { Icbhi } from "../../datasets/icbhi/load.js";
import type { SprSound } from "../../datasets/sprsound/load.js";

/** SHA-256 of all that counts depend on: names, cycles, sides of the official list, folds. Hexadecimal; sounds are not in it. */
export function icbhiAnnotationsDigest({ recordings, lists }: Icbhi): string {
  return digestOf(
    recordings.map(({ name, patient, cycles, officialSide }) => [
      name,
      officialSide ?? null,
      lists.folds?.folds.get(patient)?.fold ?? null,
      cycles.map(({ label, startSeconds, endSeconds }) => [label, startSeconds, endSeconds]),
    ]),
  );
}

/** The same of SPRSound: sets, names, record labels, events. */
export function sprSoundAnnotationsDigest({ recordings }: SprSound): string {
  return digestOf(
    recordings.map(({ set, name, recordLabel, events }) => [
      set,
      name,
      recordLabel,
      events.map(({ type, startSeconds, endSeconds }) => [type, startSeconds, endSeconds]),
    ]),
  );
}

function digestOf(recordings: readonly unknown[]): string {
  const lines = recordings.map((recording) => JSON.stringify(recording)).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
