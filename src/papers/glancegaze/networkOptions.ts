import type { AttentionScale } from "../../nn/layers/axisAttention.js";

/** What an ablation leaves out. */
export type GlancegazePart = "glance" | "gaze" | "ffm";

export interface GlancegazeOptions {
  /** Rows, frames and channels of a map: [128, 345, 1] for 8 s. */
  inputShape: readonly [rows: number, frames: number, channels: number];
  /** Logits: 4, or 2. */
  outputs: number;
  /** Unless said, nothing: the proposed network. Without glance there is nothing to fuse, so that no FFM is there either. */
  without?: GlancegazePart;
  /** Feature fusion: `selective`, a softmax over the two branches, or `se`, sigmoid weights of their sum. Unless said `selective` (decision 53). */
  ffm?: "selective" | "se";
  /** Whether a softmax is multiplied by the length of its axis; unless said `length`, it is (decision 52). */
  attentionScale?: AttentionScale;
  /** One convolution for the means over time and over frequency, as the paper writes it; unless said, each has its own. */
  shareGlance?: boolean;
  /** Places that a convolution of glance sees: odd; unless said 3 (decision 54). */
  glanceKernel?: number;
  /** Of the gaze: `channel`, a share of each channel's mean; `map`, the printed share of the map itself. Unless said `channel` (decision 51). */
  shrinkage?: "channel" | "map";
  name?: string;
}

/** Poolings by 2. */
const POOLINGS = 3;

/** Of a map that the poolings leave a place of. */
const SMALLEST_SIDE = 2 ** POOLINGS;

/** Throws RangeError for a map with a side that is too short, for a name that is not there, and for an option of a part that is left out. */
export function expectOptions(options: GlancegazeOptions): void {
  const { inputShape, without, ffm, attentionScale, shareGlance, glanceKernel = 3, shrinkage } = options;
  const expectOne = (option: string, value: string | undefined, known: readonly string[]) => {
    if (value === undefined || known.includes(value)) return;
    throw new RangeError(`Glance-and-Gaze's ${option} must be ${known.join(", ")}, got ${JSON.stringify(value)}`);
  };
  expectOne("without", without, ["glance", "gaze", "ffm"]);
  expectOne("ffm", ffm, ["selective", "se"]);
  expectOne("attentionScale", attentionScale, ["length", "none"]);
  expectOne("shrinkage", shrinkage, ["channel", "map"]);
  if (!(glanceKernel >= 1 && glanceKernel % 2 === 1))
    throw new RangeError(`Glance-and-Gaze's glanceKernel must be odd, got ${glanceKernel}`);
  const expectPart = (option: string, isThere: boolean) => {
    if (!isThere) throw new RangeError(`Glance-and-Gaze without ${without} has no part for ${option}`);
  };
  expectPart("ffm se", ffm !== "se" || without === undefined || without === "gaze");
  expectPart("attentionScale none", attentionScale !== "none" || without !== "glance");
  expectPart("shareGlance", !shareGlance || without !== "glance");
  const [rows, frames] = inputShape;
  if (rows >= SMALLEST_SIDE && frames >= SMALLEST_SIDE) return;
  throw new RangeError(
    `Glance-and-Gaze halves a map's sides ${POOLINGS} times, so that they must be at least ${SMALLEST_SIDE} rows and ${SMALLEST_SIDE} frames, got ${rows} and ${frames}`,
  );
}
