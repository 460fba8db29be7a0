import { bandPower } from "./bandPower.js";
import { Dct } from "./dct.js";
import { type DecibelOptions, powerToDecibel } from "./decibel.js";
import { type FeatureMap, type FrontEnd, mapValues } from "./frontEnd.js";
import { MelFilterBank, type MelNorm, type MelScale } from "./mel.js";
import { type CentrePadding, Stft } from "./stft.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type MfccOptions = {
  sampleRateHz: number;
  coefficients: number;
  fftSize: number;
  /** In samples; default `fftSize`. */
  windowSize?: number;
  /** In samples. */
  hop: number;
  padding: CentrePadding;
  /** Default 128. */
  bands?: number;
  /** Default 0. */
  minimumHz?: number;
  /** Default half the rate. */
  maximumHz?: number;
  /** Default `slaney`. */
  scale?: MelScale;
  /** Default `area`. */
  norm?: MelNorm;
  /** Power below this counts as this; default 1e-10. */
  floor?: number;
  /** Default 80; `null` for no limit. */
  rangeDb?: number | null;
};

/**
 * Mel-frequency cepstral coefficients: power spectra, mel bands, decibels, orthonormal DCT-II, no liftering. The defaults
 * and the values are those of `librosa.feature.mfcc` 0.10.
 *
 * @throws RangeError for options that do not fit together
 */
export function mfcc(given: MfccOptions): FrontEnd {
  const options = {
    bands: 128,
    minimumHz: 0,
    maximumHz: given.sampleRateHz / 2,
    scale: "slaney" as MelScale,
    norm: "area" as MelNorm,
    floor: 1e-10,
    rangeDb: 80 as number | null,
    windowSize: given.fftSize,
    ...given,
  };
  const { sampleRateHz, bands, coefficients, floor, rangeDb } = options;
  const stft = new Stft(options);
  const filters = new MelFilterBank(options);
  const dct = new Dct(bands, coefficients);
  const decibel: DecibelOptions = { reference: 1, floor, rangeDb };

  return {
    name: "mfcc",
    options,
    sampleRateHz,
    rows: coefficients,
    frames: (sampleCount) => stft.frames(sampleCount),
    compute(samples: Float32Array, out?: Float32Array): FeatureMap {
      const { values, frames, stride } = bandPower(samples, stft, filters, "mfcc");
      powerToDecibel(values, decibel);
      const data = dct.apply(values, frames, stride, mapValues(coefficients * frames, out));
      return { data, rows: coefficients, frames };
    },
  };
}
