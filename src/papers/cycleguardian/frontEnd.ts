import { align } from "../../audio/align.js";
import { channels } from "../../features/channels.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { logCqt } from "../../features/logCqt.js";
import { logGammatone } from "../../features/logGammatone.js";
import { logMel } from "../../features/logMel.js";
import { zScoreRows } from "../../features/normalise.js";
import type { Preset } from "../paper.js";
import { type TestPath, testPath } from "../testPath.js";

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
 * @see papers.md 1.2
 */
export function cycleguardianFrontEnd(preset: Preset = "paper"): FrontEnd {
  const { sampleRateHz, hop } = GEOMETRY[preset];
  const transform = { sampleRateHz, hop, fftSize: 1024, padding: "reflect", precision: "double" } as const;
  const shared = { ...transform, minimumHz: 32.7, maximumHz: 3000 };
  const mel = logMel({ ...shared, windowSize: 1000, bands: 84, scale: "htk", norm: "none", rangeDb: null });
  const gammatone = logGammatone({ ...shared, bands: 84 });
  const cqt = logCqt({ sampleRateHz, hop, minimumHz: 32.7, bins: 84 });
  const order = preset === "paper" ? [mel, gammatone, cqt] : [cqt, gammatone, mel];
  return channels(order, {
    name: "z-score by row, deviation by count - 1, plus 1e-6",
    apply: (map) => zScoreRows(map.data, map.rows),
  });
}

const SECONDS = 8;

/** 10 kHz; the first 8 s, a shorter clip tiled (papers.md, decision 17); no filter. */
export function cycleguardianTestPath(): TestPath {
  const frontEnd = cycleguardianFrontEnd();
  return testPath({
    recipe: "cycleguardian",
    frontEnd,
    steps: { length: { seconds: SECONDS, longer: "first", shorter: "tile" } },
    prepare: (clip) => align(clip, { length: SECONDS * frontEnd.sampleRateHz, short: "tile", long: "first" }),
  });
}
