import { powerToDecibel } from "./decibel.js";
import { refuseUnlessFinite } from "./finite.js";
import { type FrontEnd, mapValues } from "./frontEnd.js";
import { type CentrePadding, Stft } from "./stft.js";
import { transposeInto } from "./transpose.js";
import type { WindowName } from "./window.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type SpectrogramOptions = {
  sampleRateHz: number;
  fftSize: number;
  /** Default `hann`. */
  window?: WindowName;
  /** In samples; default `fftSize`. */
  windowSize?: number;
  /** In samples. */
  hop: number;
  padding: CentrePadding;
  /** Only so many of the lowest bins are in the map; default all. */
  keptBins?: number;
  /** `decibel` is 10 log10 of the power below the map's maximum, at most 80. */
  quantity: "power" | "magnitude" | "decibel";
};

/**
 * The bins of a short-time Fourier transform, lowest in row 0.
 *
 * @throws RangeError for options that do not fit together
 */
export function spectrogram(given: SpectrogramOptions): FrontEnd {
  const options = {
    window: "hann" as WindowName,
    windowSize: given.fftSize,
    keptBins: given.fftSize / 2 + 1,
    ...given,
  };
  const { sampleRateHz, keptBins, quantity } = options;
  const stft = new Stft(options);
  if (!Number.isInteger(keptBins) || keptBins < 1 || keptBins > stft.bins) {
    throw new RangeError(`spectrogram: keptBins must be an integer from 1 to ${stft.bins}, got ${keptBins}`);
  }
  if (quantity !== "power" && quantity !== "magnitude" && quantity !== "decibel") {
    throw new RangeError(`spectrogram: quantity must be power, magnitude or decibel, got ${JSON.stringify(quantity)}`);
  }
  return {
    name: "spectrogram",
    options,
    sampleRateHz,
    rows: keptBins,
    frames: (sampleCount) => stft.frames(sampleCount),
    compute(samples, out) {
      const frames = stft.open(samples);
      const bins = new Float32Array(frames * keptBins);
      for (let frame = 0; frame < frames; frame++) {
        const spectrum = quantity === "magnitude" ? stft.magnitude(frame) : stft.power(frame);
        bins.set(spectrum.subarray(0, keptBins), frame * keptBins);
      }
      refuseUnlessFinite("spectrogram", bins, samples);
      if (quantity === "decibel") powerToDecibel(bins, { reference: "max", floor: 1e-10, rangeDb: 80 });
      const data = mapValues(keptBins * frames, out);
      transposeInto(bins, frames, keptBins, keptBins, data);
      return { data, rows: keptBins, frames };
    },
  };
}
