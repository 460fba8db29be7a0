import { Cqt } from "./cqt.js";
import { powerToDecibel } from "./decibel.js";
import { type FrontEnd, mapValues } from "./frontEnd.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type LogCqtOptions = {
  sampleRateHz: number;
  /** In samples; see `CqtOptions`. */
  hop: number;
  minimumHz: number;
  bins: number;
  /** Default 12. */
  binsPerOctave?: number;
  /** Magnitudes below this count as this; default 1e-10. */
  floor?: number;
};

/**
 * Magnitudes of a recursive constant-Q transform in decibels, 20 log10(max(x, floor)), lowest bin in row 0.
 *
 * @throws RangeError for options that do not fit together
 */
export function logCqt(given: LogCqtOptions): FrontEnd {
  const options = { binsPerOctave: 12, floor: 1e-10, ...given };
  const { sampleRateHz, bins, floor } = options;
  const cqt = new Cqt(options);
  return {
    name: "log-cqt",
    options,
    sampleRateHz,
    rows: bins,
    frames: (sampleCount) => cqt.frames(sampleCount),
    compute(samples, out) {
      const data = mapValues(bins * cqt.frames(samples.length), out);
      cqt.magnitudes(samples, "log-cqt", data);
      powerToDecibel(data, { reference: 1, floor, rangeDb: null });
      for (let i = 0; i < data.length; i++) data[i] = 2 * data[i]!;
      return { data, rows: bins, frames: cqt.frames(samples.length) };
    },
  };
}
