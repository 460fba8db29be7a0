import { applyCropOrPad, centreCropOrPad } from "../../augment/cropOrPad.js";
import { WINDOW_SECONDS, windowsOf } from "../../datasets/sprsound/windows.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { mfcc } from "../../features/mfcc.js";
import { minMaxToHalf, zScore } from "../../features/normalise.js";
import { cutPiece } from "../../features/store/clipBuilder.js";
import { type TestPath, testPath } from "../testPath.js";

/** What the paper's search of features varies. */
export interface SupconMfccOptions {
  /** Samples between frames. */
  hop: number;
  coefficients: number;
}

/**
 * The SupCon paper's input: the clip's amplitude from -0.5 to 0.5, MFCC, one z-score over the whole map of
 * coefficients x (1 + floor(samples / hop)). The paper's "mean of 0" of the amplitude does not follow from its formula, which is kept.
 */
export function supconFrontEnd({ hop, coefficients }: SupconMfccOptions): FrontEnd {
  // Padding as in the authors' pinned librosa 0.10; librosa 0.8 would reflect.
  const cepstrum = mfcc({ sampleRateHz: 8000, coefficients, fftSize: 512, hop, padding: "zeros" });
  return {
    name: "supcon-sprs/mfcc",
    options: { amplitude: "min-max to half", mfcc: cepstrum.options, map: "z-score" },
    sampleRateHz: cepstrum.sampleRateHz,
    rows: cepstrum.rows,
    frames: (sampleCount) => cepstrum.frames(sampleCount),
    compute(samples, out) {
      const map = cepstrum.compute(minMaxToHalf(samples), out);
      zScore(map.data);
      return map;
    },
  };
}

/** The final settings: 64 coefficients every 16 ms. */
export const supconMfcc = supconFrontEnd({ hop: 128, coefficients: 64 });

/** Frames of the input: an event's 3 s (tasks 11 and 12), a recording's 15 s (21 and 22), truncated as in the paper. */
export const SUPCON_FRAMES = { event: 187, record: 937 } as const;

/** How a clip becomes maps: as one event or recording, or as a recording's windows of 3 s, a second apart (papers.md 3.8). */
export type SupconClips = keyof typeof SUPCON_FRAMES | "windows";

/** 8 kHz; the map's centre, a shorter map between zeros, which are its mean (papers.md, decision 42). Of windows a map each. */
export function supconTestPath(clips: SupconClips = "event"): TestPath {
  const frames = SUPCON_FRAMES[clips === "windows" ? "event" : clips];
  return testPath({
    recipe: "supcon-sprs",
    frontEnd: supconMfcc,
    steps: {
      ...{ frames, longer: "centre", shorter: "zeros on both sides" },
      ...(clips === "windows" && { windows: { seconds: WINDOW_SECONDS, stepSeconds: 1 } }),
    },
    keeps: "centre",
    prepare: (clip) => (clips === "windows" ? windowsIn(clip) : [clip]),
    finish: ({ data, rows, frames: framesIn }) => {
      const out = new Float32Array(rows * frames);
      applyCropOrPad(data, rows, framesIn, frames, centreCropOrPad(framesIn, frames), out, 0);
      return { data: out, rows, frames };
    },
  });
}

function windowsIn(clip: Float32Array): Float32Array[] {
  const { sampleRateHz } = supconMfcc;
  const windows = windowsOf(clip.length / sampleRateHz, { windowSeconds: WINDOW_SECONDS });
  return windows.map((window) => cutPiece({ samples: clip, sampleRateHz }, window));
}
