import { align } from "../../audio/align.js";
import type { ShortRule } from "../../audio/alignment.js";
import { butterworthBandPass } from "../../audio/butterworth.js";
import { sosFilter } from "../../audio/sosFilter.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { melImage } from "../../features/melImage.js";
import type { Standard } from "../../features/normalise.js";
import { type TestPath, testPath } from "../testPath.js";

export interface RespirenetImage {
  /** Enlargement of the picture in both directions: 3, or 1 for a ninth of the pixels. */
  imageScale?: 1 | 3;
  /** Whether blank rows at the top are cut off. Default true. */
  clipBlank?: boolean;
  /** The training images' channel means and deviations; without them values stay from 0 to 1. */
  standard?: Standard;
}

/**
 * RespireNet's input, [64 * imageScale, frames * imageScale, 3]: 64 Slaney mel bands from 50 to 2,000 Hz in decibels below the
 * clip's maximum, at most 80, as a picture in magma's colours whose blank rows at the top are clipped. 7 s have 219 frames, so
 * the picture has 192 x 657 pixels.
 *
 * @see papers.md 5.2
 */
export function respirenetFrontEnd({ imageScale = 3, clipBlank = true, standard }: RespirenetImage = {}): FrontEnd {
  return melImage({
    mel: {
      sampleRateHz: SAMPLE_RATE_HZ,
      fftSize: 256,
      hop: HOP,
      padding: "reflect",
      bands: BANDS,
      minimumHz: 50,
      maximumHz: 2000,
      scale: "slaney",
      norm: "area",
      reference: "max",
    },
    image: { scale: imageScale, clipBlank },
    standard: standard ?? null,
  });
}

export const SAMPLE_RATE_HZ = 4000;
const BANDS = 64;
const HOP = 128;
/** From one frame of the picture, before it is enlarged, to the next. */
export const HOP_SECONDS = HOP / SAMPLE_RATE_HZ;
/** Corners of the only loader that states any (papers.md, decision 56); causal. */
const BAND_PASS = { order: 5, lowHz: 200, highHz: 1800 } as const;

/** What a clip becomes on its way to the network. A type and no interface, so that it is plain data to the compiler too. */
export type RespirenetInput = {
  seconds: number;
  /** Of a clip shorter than that. */
  padding: Extract<ShortRule, "tile" | "zero-end" | "reflect">;
  /** Whether it is filtered, from 200 to 1,800 Hz. */
  bandPass: boolean;
  imageScale: 1 | 3;
  clipBlank: boolean;
  /** Absent: values stay from 0 to 1. */
  standard?: Standard;
};

const DEFAULT: RespirenetInput = { seconds: 7, padding: "tile", bandPass: true, imageScale: 3, clipBlank: true };

/** Samples that a clip is brought to. */
export function clipSamples({ seconds }: Pick<RespirenetInput, "seconds">): number {
  return Math.round(seconds * SAMPLE_RATE_HZ);
}

/** `[rows, frames, channels]` of the network's input: 192, 657, 3 for 7 s. */
export function respirenetInputShape({
  seconds,
  imageScale,
}: Pick<RespirenetInput, "seconds" | "imageScale">): readonly [number, number, number] {
  return [BANDS * imageScale, (1 + Math.floor(clipSamples({ seconds }) / HOP)) * imageScale, 3];
}

/** A cycle's samples at 4 kHz as they are stored: filtered where asked for, divided by their absolute maximum. Silence stays. */
export function prepareClip(samples: Float32Array, bandPass: boolean): Float32Array {
  const filtered = bandPass ? sosFilter(sections(), samples) : samples;
  let peak = 0;
  for (let i = 0; i < filtered.length; i++) peak = Math.max(peak, Math.abs(filtered[i]!));
  return peak > 0 ? filtered.map((value) => value / peak) : filtered;
}

let filter: ReturnType<typeof butterworthBandPass> | undefined;

function sections() {
  filter ??= butterworthBandPass({ ...BAND_PASS, sampleRateHz: SAMPLE_RATE_HZ });
  return filter;
}

/** All that decides what is stored of a cycle, as plain data. */
export function preparationOf(bandPass: boolean) {
  return { bandPass: bandPass ? BAND_PASS : null, amplitude: "absolute maximum 1" };
}

/**
 * 4 kHz; band-pass; divided by the clip's absolute maximum; shorter than 7 s: tiled (smart padding would read labels); longer:
 * taken apart with half a window's overlap, what is left tiled (papers.md 5.2, decisions 55 to 57 and 62).
 */
export function respirenetTestPath(input: RespirenetInput = DEFAULT): TestPath {
  const { padding, bandPass, standard, ...image } = input;
  const length = clipSamples(input);
  return {
    ...testPath({
      recipe: "respirenet",
      frontEnd: respirenetFrontEnd({ ...image, ...(standard && { standard }) }),
      steps: {
        ...preparationOf(bandPass),
        length: { samples: length, longer: `split, half overlapping, the rest ${FILLED[padding]}`, shorter: padding },
      },
      prepare: (clip) => align(prepareClip(clip, bandPass), { length, short: padding, long: "split" }),
    }),
    parameters: input,
  };
}

const FILLED = { tile: "tiled", "zero-end": "filled with zeros", reflect: "reflected" } as const;
