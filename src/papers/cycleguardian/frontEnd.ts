import { type AlignOptions, align } from "../../audio/align.js";
import type { ShortRule } from "../../audio/alignment.js";
import type { Precision } from "../../audio/realFft.js";
import { channels } from "../../features/channels.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { logCqt } from "../../features/logCqt.js";
import { logGammatone } from "../../features/logGammatone.js";
import { logMel } from "../../features/logMel.js";
import { zScoreRows } from "../../features/normalise.js";
import type { Preset } from "../paper.js";
import { type TestPath, testPath } from "../testPath.js";

const BANDS = 84;
/** Both have 8 s and 84 bands (papers.md 1.2, decision 6). */
const GEOMETRY = {
  paper: { sampleRateHz: 10_000, hop: 128 },
  authors: { sampleRateHz: 22_000, hop: 256 },
} as const;

/**
 * CycleGuardian's input, [84, frames, 3]: mel, gammatone and constant-Q decibels, each of the 84 rows of each channel at mean
 * 0 and deviation 1 over time. A clip of 8 s has 626 frames. The preset `authors` has the code's rate, hop and order of
 * channels. The constant-Q bins go to 3,951 Hz in both, whatever the upper limit says (decision 24).
 *
 * @param precision of the mel and gammatone transforms. Single takes a quarter of the time: on recordings the gammatone channel differs
 *   by less than 1e-5, the mel channel by less than 0.02 in 99 of 100 cells and by more in some that hold rounding noise
 * @see papers.md 1.2
 */
export function cycleguardianFrontEnd(preset: Preset = "paper", precision: Precision = "double"): FrontEnd {
  const { sampleRateHz, hop } = GEOMETRY[preset];
  const transform = { sampleRateHz, hop, fftSize: 1024, padding: "reflect", precision } as const;
  const shared = { ...transform, minimumHz: 32.7, maximumHz: 3000 };
  const mel = logMel({ ...shared, windowSize: 1000, bands: BANDS, scale: "htk", norm: "none", rangeDb: null });
  const gammatone = logGammatone({ ...shared, bands: BANDS });
  const cqt = logCqt({ sampleRateHz, hop, minimumHz: 32.7, bins: BANDS });
  const order = preset === "paper" ? [mel, gammatone, cqt] : [cqt, gammatone, mel];
  return channels(order, {
    name: "z-score by row, deviation by count - 1, plus 1e-6",
    apply: (map) => zScoreRows(map.data, map.rows),
  });
}

/** Of the sound that the maps are made of. */
export function cycleguardianRateHz(preset: Preset): number {
  return GEOMETRY[preset].sampleRateHz;
}

const SECONDS = 8;

/** What a cycle shorter than 8 s is filled up with: repeats of itself, or random pieces of itself. */
export type CyclePadding = Extract<ShortRule, "tile" | "random-self-segments">;

/** How a cycle is brought to 8 s (papers.md 1.2, decision 17): the paper keeps the first 8 s of a longer one, the code the last. */
export function cycleguardianAlignment(preset: Preset, padding: CyclePadding = "tile"): AlignOptions {
  const length = SECONDS * GEOMETRY[preset].sampleRateHz;
  return { length, short: padding, long: preset === "paper" ? "first" : "last" };
}

/** `[bands, frames, channels]` of the network's input. */
export function cycleguardianInput(preset: Preset): readonly [number, number, number] {
  const { sampleRateHz, hop } = GEOMETRY[preset];
  return [BANDS, 1 + Math.floor((SECONDS * sampleRateHz) / hop), 3];
}

/** Of `paper`: 10 kHz; the first 8 s, a shorter clip tiled; no filter. Of `authors`: 22 kHz, the last 8 s. */
export function cycleguardianTestPath(preset: Preset = "paper"): TestPath {
  const alignment = cycleguardianAlignment(preset);
  const { long: longer, short: shorter } = alignment;
  return testPath({
    recipe: preset === "paper" ? "cycleguardian" : "cycleguardian-authors",
    frontEnd: cycleguardianFrontEnd(preset),
    steps: { length: { seconds: SECONDS, longer, shorter } },
    keeps: preset === "paper" ? "start" : "end",
    prepare: (clip) => align(clip, alignment),
  });
}
