import { wavSeconds } from "../../node/wavSeconds.js";
import type { SprSound } from "./load.js";

const known = new WeakMap<SprSound, Map<string, number>>();

/**
 * How long a recording of a data set is, in seconds, by its file's header; each file is looked at when it is first asked for, and once.
 * @throws UserError naming a file that is no WAV file
 */
export function recordingSeconds(data: SprSound): (recording: { readonly file: string }) => number {
  const lengths = known.get(data) ?? new Map<string, number>();
  known.set(data, lengths);
  return ({ file }) => {
    const seconds = lengths.get(file) ?? wavSeconds(file);
    lengths.set(file, seconds);
    return seconds;
  };
}
