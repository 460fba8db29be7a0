import { align } from "../../audio/align.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { logMel } from "../../features/logMel.js";
import { zScore } from "../../features/normalise.js";
import { spectrogram } from "../../features/spectrogram.js";
import { type TestPath, testPath } from "../testPath.js";

const SAMPLE_RATE_HZ = 22_050;
/** 8 s, which the paper does not say (papers.md, decision 54). */
export const GLANCEGAZE_CLIP_SAMPLES = 8 * SAMPLE_RATE_HZ;

const shared = { sampleRateHz: SAMPLE_RATE_HZ, fftSize: 2048, hop: 512, padding: "reflect" } as const;

/**
 * The Glance-and-Gaze network's input, [128, frames]: Slaney mel bands up to 11,025 Hz in decibels below the clip's maximum, at
 * most 80, then one z-score over the clip. 8 s have 345 frames.
 *
 * @see papers.md 4.2
 */
export function glancegazeFrontEnd(): FrontEnd {
  const bands = logMel({ ...shared, bands: 128, scale: "slaney", norm: "area", reference: "max" });
  return withZScore("glancegaze/mel", bands);
}

/** The paper's control experiment: the lowest 256 bins of the spectrum in place of mel bands, [256, frames]. */
export function glancegazeSpectrogram(): FrontEnd {
  return withZScore("glancegaze/stft", spectrogram({ ...shared, keptBins: 256, quantity: "decibel" }));
}

function withZScore(name: string, map: FrontEnd): FrontEnd {
  return {
    ...map,
    name,
    options: { map: map.options, normalisation: "z-score" },
    compute(samples, out) {
      const result = map.compute(samples, out);
      zScore(result.data);
      return result;
    },
  };
}

/** 22.05 kHz; the first 8 s, a shorter clip tiled. */
export function glancegazeTestPath(): TestPath {
  return testPath({
    recipe: "glancegaze",
    frontEnd: glancegazeFrontEnd(),
    steps: { length: { samples: GLANCEGAZE_CLIP_SAMPLES, longer: "first", shorter: "tile" } },
    prepare: (clip) => align(clip, { length: GLANCEGAZE_CLIP_SAMPLES, short: "tile", long: "first" }),
  });
}
