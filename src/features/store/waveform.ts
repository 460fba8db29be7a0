import type { FrontEnd } from "../frontEnd.js";

/** The samples themselves, [1, samples]: for recipes that augment in time, which need not decode and resample each time. */
export function waveform(sampleRateHz: number): FrontEnd {
  return {
    name: "waveform",
    options: {},
    sampleRateHz,
    rows: 1,
    frames: (sampleCount) => sampleCount,
    compute: (samples) => ({ data: samples.slice(), rows: 1, frames: samples.length }),
  };
}
