import { align } from "../../audio/align.js";
import { fade } from "../../audio/fade.js";
import type { FeatureMap, FrontEnd } from "../../features/frontEnd.js";
import { logMel } from "../../features/logMel.js";
import { type Standard, standardise } from "../../features/normalise.js";
import { type TestPath, testPath } from "../testPath.js";

const SAMPLE_RATE_HZ = 16_000;
const HOP = 512;

/** Samples of a clip of 256 frames (8.16 s), as printed, or of 251 (8 s) (papers.md 2.2, decision 30). */
export function multibreathClipSamples(frames: 256 | 251 = 256): number {
  return (frames - 1) * HOP;
}

/**
 * Multi-breath's input, [64, frames]: HTK mel bands from 50 to 2,000 Hz in decibels, with `standard` at the training set's mean
 * and deviation (decision 31), without it as they are.
 *
 * @see papers.md 2.2
 */
export function multibreathFrontEnd(standard?: Standard): FrontEnd {
  const mel = logMel({
    sampleRateHz: SAMPLE_RATE_HZ,
    fftSize: 1024,
    hop: HOP,
    padding: "reflect",
    bands: 64,
    minimumHz: 50,
    maximumHz: 2000,
    scale: "htk",
    norm: "none",
    rangeDb: null,
  });
  if (!standard) return mel;
  return {
    ...mel,
    name: "multibreath/mel",
    options: { mel: mel.options, standard },
    compute(samples, out): FeatureMap {
      const map = mel.compute(samples, out);
      standardise(map.data, standard);
      return map;
    },
  };
}

const FADE_SAMPLES = SAMPLE_RATE_HZ / 16;

/**
 * 16 kHz; the first 8.16 s; a shorter clip fades in and out over 1000 samples (or its own length), is tiled, and fades out
 * once more (papers.md 2.2).
 */
export function multibreathTestPath(): TestPath {
  const length = multibreathClipSamples();
  return testPath({
    recipe: "multibreath",
    frontEnd: multibreathFrontEnd(),
    steps: {
      length: { samples: length, longer: "first", shorter: "tile" },
      fade: { shape: "linear", samples: FADE_SAMPLES },
    },
    prepare: (clip) => {
      const cycle = fade(clip.subarray(0, length), { inSamples: FADE_SAMPLES, outSamples: FADE_SAMPLES });
      const [tiled] = align(cycle, { length, short: "tile", long: "first" });
      return [cycle.length < length ? fade(tiled, { inSamples: 0, outSamples: FADE_SAMPLES }) : tiled];
    },
  });
}
