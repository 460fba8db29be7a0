import { powerToDecibel } from "../features/decibel.js";
import { Stft } from "../features/stft.js";
import type { HeatmapData } from "../figures/heatmap.js";

/** The power of two nearest to 40 ms: wheezes are lines and crackles are not smeared. */
const fftSizeFor = (sampleRateHz: number) => Math.max(32, 2 ** Math.round(Math.log2(0.04 * sampleRateHz)));

/**
 * The power spectrogram of a sound, for looking at: Hann windows of about 40 ms (256 samples at 8 kHz), a hop of half of
 * it, dB below the loudest (at most 80), in whole numbers, which a notebook stores in one byte each.
 * @param samples [samples]
 * @param maximumHz nothing above it is kept; half the rate unless given
 */
export function spectrogram(samples: Float32Array, sampleRateHz: number, maximumHz = sampleRateHz / 2): HeatmapData {
  const fftSize = fftSizeFor(sampleRateHz);
  const hop = fftSize / 2;
  const stft = new Stft({ fftSize, windowSize: fftSize, hop, padding: "zeros" });
  const frames = stft.open(samples);
  const rows = Math.min(stft.bins, 1 + Math.floor((maximumHz * fftSize) / sampleRateHz));
  const power = new Float32Array(frames * rows); // [frames, rows]
  for (let frame = 0; frame < frames; frame++) power.set(stft.power(frame).subarray(0, rows), frame * rows);
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
