import { powerToDecibel } from "../features/decibel.js";
import { Stft } from "../features/stft.js";
import type { HeatmapData } from "../figures/heatmapFigure.js";

/**
 * The power spectrogram of a sound, for looking at: Hann windows of `fftSize` samples, a hop of half of it, dB below the
 * loudest (at most 80), in whole numbers, which a notebook stores in one byte each.
 */
export function spectrogram(samples: Float32Array, sampleRateHz: number, fftSize = 256): HeatmapData {
  const hop = fftSize / 2;
  const stft = new Stft({ fftSize, windowSize: fftSize, hop, padding: "zeros" });
  const frames = stft.frames(samples.length);
  const rows = stft.bins;
  const power = new Float64Array(frames * rows); // [frames, bins]
  for (let frame = 0; frame < frames; frame++)
    stft.power(samples, frame, power.subarray(frame * rows, (frame + 1) * rows));
  powerToDecibel(power, { reference: "max", floor: 1e-10, rangeDb: 80 });
  const values = new Array<number>(rows * frames);
  for (let row = 0; row < rows; row++)
    for (let frame = 0; frame < frames; frame++) values[row * frames + frame] = Math.round(power[frame * rows + row]!);
  return {
    values,
    rows,
    frames,
    hopSeconds: hop / sampleRateHz,
    rowLabel: "frequency (Hz)",
    rowValues: Array.from({ length: rows }, (_, row) => (row * sampleRateHz) / fftSize),
    valueLabel: "power (dB)",
  };
}
