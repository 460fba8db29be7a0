import type { Precision } from "../audio/realFft.js";
import { bandDecibels } from "./bandPower.js";
import type { DecibelOptions } from "./decibel.js";
import type { FrontEnd } from "./frontEnd.js";
import { GammatoneFilterBank } from "./gammatone.js";
import { type CentrePadding, Stft } from "./stft.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type LogGammatoneOptions = {
  sampleRateHz: number;
  fftSize: number;
  /** In samples; default `fftSize`. */
  windowSize?: number;
  /** In samples. */
  hop: number;
  padding: CentrePadding;
  /** Of the transform; default `single`: see `StftOptions`. */
  precision?: Precision;
  bands: number;
  minimumHz: number;
  maximumHz: number;
  /** Power below this counts as this; default 1e-10. */
  floor?: number;
};

/**
 * Gammatone bands of power spectra in decibels, lowest band in row 0: nnAudio's `Gammatonegram` and 10 log10.
 *
 * @throws RangeError for options that do not fit together
 */
export function logGammatone(given: LogGammatoneOptions): FrontEnd {
  const options = { windowSize: given.fftSize, floor: 1e-10, ...given };
  const { sampleRateHz, bands, floor } = options;
  const stft = new Stft(options);
  const filters = new GammatoneFilterBank(options);
  const decibel: DecibelOptions = { reference: 1, floor, rangeDb: null };
  return {
    name: "log-gammatone",
    options,
    sampleRateHz,
    rows: bands,
    frames: (sampleCount) => stft.frames(sampleCount),
    compute: (samples, out) => bandDecibels(samples, stft, filters, decibel, bands, "log-gammatone", out),
  };
}
