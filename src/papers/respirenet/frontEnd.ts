import { align } from "../../audio/align.js";
import { butterworthBandPass } from "../../audio/butterworth.js";
import { sosFilter } from "../../audio/sosFilter.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { melImage } from "../../features/melImage.js";
import type { Standard } from "../../features/normalise.js";
import { type TestPath, testPath } from "../testPath.js";

export interface RespirenetImage {
  /** Enlargement of the picture in both directions: 3, or 1 for a ninth of the pixels. */
  imageScale?: 1 | 3;
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
export function respirenetFrontEnd({ imageScale = 3, standard }: RespirenetImage = {}): FrontEnd {
  return melImage({
    mel: {
      sampleRateHz: 4000,
      fftSize: 256,
      hop: 128,
      padding: "reflect",
      bands: 64,
      minimumHz: 50,
      maximumHz: 2000,
      scale: "slaney",
      norm: "area",
      reference: "max",
    },
    image: { scale: imageScale, clipBlank: true },
    standard: standard ?? null,
  });
}

const SECONDS = 7;
/** Corners of the only loader that states any (papers.md, decision 56); causal. */
const BAND_PASS = { order: 5, lowHz: 200, highHz: 1800 } as const;

/**
 * 4 kHz; band-pass; divided by the clip's absolute maximum; shorter than 7 s: tiled (smart padding would read labels); longer:
 * taken apart with half a window's overlap, what is left tiled (papers.md 5.2, decisions 55 to 57 and 62).
 */
export function respirenetTestPath(): TestPath {
  const frontEnd = respirenetFrontEnd();
  const length = SECONDS * frontEnd.sampleRateHz;
  const sections = butterworthBandPass({ ...BAND_PASS, sampleRateHz: frontEnd.sampleRateHz });
  return testPath({
    recipe: "respirenet",
    frontEnd,
    steps: {
      bandPass: BAND_PASS,
      amplitude: "absolute maximum 1",
      length: { samples: length, longer: "split, half overlapping, the rest tiled", shorter: "tile" },
    },
    prepare: (clip) => align(toFullScale(sosFilter(sections, clip)), { length, short: "tile", long: "split" }),
  });
}

/** Divided by the absolute maximum; silence stays. */
function toFullScale(samples: Float32Array): Float32Array {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]!));
  return peak > 0 ? samples.map((value) => value / peak) : samples;
}
