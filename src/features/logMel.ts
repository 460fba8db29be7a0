import type { Precision } from "../audio/realFft.js";
import { bandDecibels } from "./bandPower.js";
import type { DecibelOptions } from "./decibel.js";
import type { FrontEnd } from "./frontEnd.js";
import { MelFilterBank, type MelNorm, type MelScale } from "./mel.js";
import { type CentrePadding, Stft } from "./stft.js";
import type { WindowName } from "./window.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type LogMelOptions = {
  sampleRateHz: number;
  fftSize: number;
  /** Default `hann`. */
  window?: WindowName;
  /** In samples; default `fftSize`. */
  windowSize?: number;
  /** In samples. */
  hop: number;
  padding: CentrePadding;
  /** Of the transform; default `single`: see `StftOptions`. */
  precision?: Precision;
  bands: number;
  /** Only so many of the lowest bands are in the map; all of them decide what the maximum is. Default `bands`. */
  keptBands?: number;
  /** Default 0. */
  minimumHz?: number;
  /** Default half the rate. */
  maximumHz?: number;
  scale: MelScale;
  norm: MelNorm;
  /** 0 dB is this power, or the map's own maximum; default 1. */
  reference?: number | "max";
  /** Power below this counts as this; default 1e-10. */
  floor?: number;
  /** Default 80; `null` for no limit. */
  rangeDb?: number | null;
};

/**
 * Mel bands of power spectra in decibels, lowest band in row 0; the values are those of librosa's `melspectrogram` and
 * `power_to_db`.
 *
 * @throws RangeError for options that do not fit together
 */
export function logMel(given: LogMelOptions): FrontEnd {
  const options = {
    windowSize: given.fftSize,
    keptBands: given.bands,
    minimumHz: 0,
    maximumHz: given.sampleRateHz / 2,
    reference: 1 as number | "max",
    floor: 1e-10,
    rangeDb: 80 as number | null,
    ...given,
  };
  const { sampleRateHz, bands, keptBands, reference, floor, rangeDb } = options;
  if (!Number.isInteger(keptBands) || keptBands < 1 || keptBands > bands) {
    throw new RangeError(`logMel: keptBands must be an integer from 1 to the bands (${bands}), got ${keptBands}`);
  }
  const stft = new Stft(options);
  const filters = new MelFilterBank(options);
  const decibel: DecibelOptions = { reference, floor, rangeDb };

  return {
    name: "log-mel",
    options,
    sampleRateHz,
    rows: keptBands,
    frames: (sampleCount) => stft.frames(sampleCount),
    compute: (samples, out) => bandDecibels(samples, stft, filters, decibel, keptBands, "log-mel", out),
  };
}
