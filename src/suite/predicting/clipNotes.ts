import { LONGEST_SECONDS } from "../../inference/standingPart.js";
import { type Clip, isLong } from "./clip.js";

/** Something that was done to files or was odd about them, and could be lived with. */
export interface Note {
  what: string;
  files: number;
  /** The first of them by name, three at most. */
  examples: string[];
}

/** Counts what was done to files, each kind once with its first examples. */
export class ClipNotes {
  private readonly notes = new Map<string, Note>();

  /** @param kind what is counted together, said as it was of the first file */
  add(what: string, name: string, kind = what): void {
    const note = this.notes.get(kind) ?? { what, files: 0, examples: [] };
    this.notes.set(kind, note);
    note.files++;
    if (note.examples.length < 3) note.examples.push(name);
  }

  /** What a file's header tells. */
  addClip(name: string, clip: Clip, { sampleRateHz, keeps }: { sampleRateHz: number; keeps: string }): void {
    const { header } = clip;
    if (header.sampleRateHz !== sampleRateHz)
      this.add(`resampled from ${header.sampleRateHz} Hz to ${sampleRateHz} Hz`, name);
    if (header.channels > 1) this.add(`${header.channels} channels; their mean is taken`, name);
    if (isLong(clip))
      this.add(`longer than ${LONGEST_SECONDS} s; its ${keeps} ${LONGEST_SECONDS} s stand for it`, name);
    // Such as how many bytes are missing: files differ in the numbers.
    for (const warning of header.warnings) this.add(warning, name, warning.replace(/\d+/g, "0"));
  }

  all(): Note[] {
    return [...this.notes.values()];
  }
}

/** Such as "3 files: stereo (a.wav, b.wav, c.wav)". */
export function noteText({ what, files, examples }: Note): string {
  return `${files} ${files === 1 ? "file" : "files"}: ${what} (${examples.join(", ")}${files > examples.length ? ", ..." : ""})`;
}
