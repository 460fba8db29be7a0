import type { MelFilterBank } from "./mel.js";
import type { Stft } from "./stft.js";

/**
 * The power in each mel band of each frame.
 * @param samples [samples]
 * @returns [frames, bands], row-major
 */
export function bandPower(samples: Float32Array, stft: Stft, filters: MelFilterBank, bands: number): Float64Array {
  const frames = stft.frames(samples.length);
  const power = new Float64Array(frames * bands);
  const spectrum = new Float64Array(stft.bins);
  for (let frame = 0; frame < frames; frame++) {
    stft.power(samples, frame, spectrum);
    filters.apply(spectrum, power, frame * bands);
  }
  return power;
}
