import { align } from "../../audio/align.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { logMel } from "../../features/logMel.js";
import { zScore } from "../../features/normalise.js";
import { spectrogram } from "../../features/spectrogram.js";
import { type TestPath, testPath } from "../testPath.js";
import { glancegazeSpeed } from "./augmentation.js";

export const SAMPLE_RATE_HZ = 22_050;
const HOP = 512;
/** The lowest bins of the spectrum, in place of mel bands. */
const BINS = 256;

const shared = { sampleRateHz: SAMPLE_RATE_HZ, fftSize: 2048, hop: HOP, padding: "reflect" } as const;

/** What a clip becomes on its way to the network. A type and no interface, so that it is plain data to the compiler too. */
export type GlancegazeInput = {
  /** Mel bands, or the spectrum of the control experiment. */
  frontEnd: "mel" | "stft";
  /** Mel bands; unless said 128 (decision 54). */
  bands: number;
  /** Of a clip; unless said 8 (decision 54). */
  seconds: number;
};

const DEFAULT: GlancegazeInput = { frontEnd: "mel", bands: 128, seconds: 8 };

/**
 * The Glance-and-Gaze network's input, [bands, frames]: Slaney mel bands up to 11,025 Hz in decibels below the clip's maximum, at
 * most 80, then one z-score over the clip. 8 s have 345 frames.
 *
 * @see papers.md 4.2
 */
export function glancegazeFrontEnd(bands = DEFAULT.bands): FrontEnd {
  return withZScore("glancegaze/mel", logMel({ ...shared, bands, scale: "slaney", norm: "area", reference: "max" }));
}

/** The paper's control experiment: the lowest 256 bins of the spectrum in place of mel bands, [256, frames]. */
export function glancegazeSpectrogram(): FrontEnd {
  return withZScore("glancegaze/stft", spectrogram({ ...shared, keptBins: BINS, quantity: "decibel" }));
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

/** `[rows, frames, channels]` of the network's input: 128, 345, 1. */
export function glancegazeInputShape({ frontEnd, bands, seconds }: GlancegazeInput): readonly [number, number, number] {
  return [frontEnd === "mel" ? bands : BINS, 1 + Math.floor(clipSamples(seconds) / HOP), 1];
}

/** Samples of a clip of 8 s unless said. */
export function clipSamples(seconds = DEFAULT.seconds): number {
  return Math.round(seconds * SAMPLE_RATE_HZ);
}

/**
 * 22.05 kHz; the first 8 s, a shorter clip tiled.
 *
 * @param factor at which speed, for the copies that training adds (see `glancegazeCopies`); 1 leaves the clip as it is
 */
export function glancegazeTestPath(input: GlancegazeInput = DEFAULT, factor = 1): TestPath {
  const length = clipSamples(input.seconds);
  const speed = glancegazeSpeed(factor);
  return {
    ...testPath({
      recipe: "glancegaze",
      frontEnd: input.frontEnd === "mel" ? glancegazeFrontEnd(input.bands) : glancegazeSpectrogram(),
      steps: {
        ...(factor !== 1 && { speed: { factor, method: "resample" } }),
        length: { samples: length, longer: "first", shorter: "tile" },
      },
      prepare(samples) {
        const clip =
          factor === 1 ? samples : speed.apply({ samples, sampleRateHz: SAMPLE_RATE_HZ }, { factor }).samples;
        return align(clip, { length, short: "tile", long: "first" });
      },
    }),
    parameters: input,
  };
}
