import type { Mark } from "../listening/annotation.js";
import type { Peaks } from "../listening/peaks.js";
import type { StretchResult } from "../listening/results.js";
import type { SpectrumColumns } from "../listening/spectrumColumns.js";
import type { TimeView } from "../listening/timeView.js";
import type { SeenScene } from "./seenPicture.js";

/** What the pictures show. */
export interface Scene {
  view: TimeView;
  peaks: Peaks;
  columns: SpectrumColumns;
  /** Of the recording, or so far. */
  seconds: number;
  windows: readonly StretchResult[];
  cycles: readonly StretchResult[];
  marks: readonly Mark[];
  outputs: readonly string[];
  labels: readonly string[];
  chosen: StretchResult | undefined;
  playheadSeconds: number | undefined;
  pointerSeconds: number | undefined;
  /** What the model looked at in the chosen stretch. */
  seen: SeenScene | undefined;
}
