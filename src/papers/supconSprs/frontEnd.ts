import type { FrontEnd } from "../../features/frontEnd.js";
import { mfcc } from "../../features/mfcc.js";
import { minMaxToHalf, zScore } from "../../features/normalise.js";

/** Padding as in the authors' pinned librosa 0.10; librosa 0.8 would reflect. */
const cepstrum = mfcc({ sampleRateHz: 8000, coefficients: 64, fftSize: 512, hop: 128, padding: "zeros" });

/**
 * The SupCon paper's input: the clip's amplitude from -0.5 to 0.5, 64 MFCC every 16 ms, one z-score over the whole map
 * of 64 x (1 + floor(samples / 128)). The paper's "mean of 0" of the amplitude does not follow from its formula, which is kept.
 */
export const supconMfcc: FrontEnd = {
  name: "supcon-sprs/mfcc",
  options: { amplitude: "min-max to half", mfcc: cepstrum.options, map: "z-score" },
  sampleRateHz: cepstrum.sampleRateHz,
  rows: cepstrum.rows,
  frames: (sampleCount) => cepstrum.frames(sampleCount),
  compute(samples) {
    const map = cepstrum.compute(minMaxToHalf(samples));
    zScore(map.data);
    return map;
  },
};
