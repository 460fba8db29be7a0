import type { Problem } from "../problem.js";
import type { IcbhiCycle } from "./annotation.js";
import type { IcbhiName } from "./fileName.js";
import type { OfficialSide } from "./splitList.js";

export interface IcbhiRecording extends Readonly<IcbhiName> {
  /** Base name without ending, with the right device, unique. */
  readonly name: string;
  /** The WAV file; absent where only the annotation is at hand: such a recording can be counted, not loaded. */
  readonly file?: string;
  readonly annotationFile: string;
  /** In the order of the annotation file. */
  readonly cycles: readonly IcbhiCycle[];
  /** Side of the official split; absent where the list does not name it, or there is no list. */
  readonly officialSide?: OfficialSide;
}

/** Takes what was found in a file, by its full path. */
export type Report = (file: string, found: Omit<Problem, "file">) => void;
