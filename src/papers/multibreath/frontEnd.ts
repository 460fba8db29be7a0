import { align } from "../../audio/align.js";
import { fade } from "../../audio/fade.js";
import type { FeatureMap, FrontEnd } from "../../features/frontEnd.js";
import { logMel } from "../../features/logMel.js";
import { type Standard, standardise } from "../../features/normalise.js";
import { waveform } from "../../features/store/waveform.js";
import { type TestPath, testPath } from "../testPath.js";

export const SAMPLE_RATE_HZ = 16_000;
const HOP = 512;
const BANDS = 64;
/** What the learnable front end takes: 8 s. */
const LEARNABLE_SAMPLES = 8 * SAMPLE_RATE_HZ;

/** Samples of a clip of 256 frames (8.16 s), as printed, or of 251 (8 s) (papers.md 2.2, decision 30). */
export function multibreathClipSamples(frames: 256 | 251 = 256): number {
  return (frames - 1) * HOP;
}

/** Bands on the HTK scale without area normalisation, as the closest relative's; or on Slaney's with it, which PANNs' weights want. */
export type MelFilters = "htk" | "panns";

/**
 * Multi-breath's input, [64, frames]: mel bands from 50 to 2,000 Hz in decibels, with `standard` at the training set's mean
 * and deviation (decision 31), without it as they are.
 *
 * @see papers.md 2.2
 */
export function multibreathFrontEnd(standard?: Standard, filters: MelFilters = "htk"): FrontEnd {
  const mel = logMel({
    sampleRateHz: SAMPLE_RATE_HZ,
    fftSize: 1024,
    hop: HOP,
    padding: "reflect",
    bands: BANDS,
    minimumHz: 50,
    maximumHz: 2000,
    ...(filters === "htk" ? { scale: "htk", norm: "none" } : { scale: "slaney", norm: "area" }),
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

/** What a clip becomes on its way to the network. A type and no interface, so that it is plain data to the compiler too. */
export type MultibreathInput = {
  /** A mel map, or the samples for the learnable front end. */
  frontEnd: "mel" | "learnable";
  frames: 251 | 256;
  filters: MelFilters;
  /** Absent: decibels as they are. */
  standard?: Standard;
};

const DEFAULT: MultibreathInput = { frontEnd: "mel", frames: 256, filters: "htk" };

/** `[rows, frames, channels]` of the network's input: 64, 256, 1; or 1, 128,000, 1 samples. */
export function multibreathInputShape({
  frontEnd,
  frames,
}: Pick<MultibreathInput, "frontEnd" | "frames">): readonly [number, number, number] {
  return frontEnd === "mel" ? [BANDS, frames, 1] : [1, LEARNABLE_SAMPLES, 1];
}

const FADE_SAMPLES = SAMPLE_RATE_HZ / 16;

/**
 * A cycle as long as the input: its first samples; a shorter one fades in and out over 1000 samples (or its own length), is tiled, and
 * fades out once more (papers.md 2.2).
 *
 * @param samples [samples] at 16 kHz
 */
export function multibreathClip(samples: Float32Array, length: number): Float32Array {
  const cycle = fade(samples.subarray(0, length), { inSamples: FADE_SAMPLES, outSamples: FADE_SAMPLES });
  const [tiled] = align(cycle, { length, short: "tile", long: "first" });
  return cycle.length < length ? fade(tiled!, { inSamples: 0, outSamples: FADE_SAMPLES }) : tiled!;
}

/** Samples of a clip as the input takes it. */
export function clipSamplesOf({ frontEnd, frames }: Pick<MultibreathInput, "frontEnd" | "frames">): number {
  return frontEnd === "mel" ? multibreathClipSamples(frames) : LEARNABLE_SAMPLES;
}

/** 16 kHz; the first 8.16 s, a shorter clip repeated (see `multibreathClip`); a mel map, or the samples. */
export function multibreathTestPath(input: MultibreathInput = DEFAULT): TestPath {
  const length = clipSamplesOf(input);
  return {
    ...testPath({
      recipe: "multibreath",
      frontEnd:
        input.frontEnd === "mel" ? multibreathFrontEnd(input.standard, input.filters) : waveform(SAMPLE_RATE_HZ),
      steps: {
        length: { samples: length, longer: "first", shorter: "tile" },
        fade: { shape: "linear", samples: FADE_SAMPLES },
      },
      prepare: (clip) => [multibreathClip(clip, length)],
    }),
    parameters: input,
  };
}
