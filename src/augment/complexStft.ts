import { type RealFft, realFft } from "../audio/realFft.js";
import { periodicHann } from "../features/window.js";

/** librosa's defaults, which nlpaug relies on. */
export const FFT_SIZE = 2048;
export const HOP = 512;
export const BINS = FFT_SIZE / 2 + 1;

/** A short-time Fourier transform with its phases. */
export interface ComplexSpectrogram {
  frames: number;
  /** [frames, BINS]. */
  real: Float64Array;
  /** [frames, BINS]. */
  imaginary: Float64Array;
}

interface Tools {
  fft: RealFft;
  window: Float64Array;
}

let made: Tools | undefined;
function tools(): Tools {
  made ??= { fft: realFft(FFT_SIZE), window: periodicHann(FFT_SIZE) };
  return made;
}

/**
 * Transform of 2048 points with a periodic Hann window of the same length, every 512 samples, frame t centred on sample
 * 512 t, zeros outside the clip: `librosa.stft` from 0.10 with its defaults.
 *
 * @param samples [samples]
 * @returns 1 + floor(samples / 512) frames
 */
export function complexStft(samples: Float32Array): ComplexSpectrogram {
  const { fft, window } = tools();
  const frame = fft.samples;
  const frames = 1 + Math.floor(samples.length / HOP);
  const real = new Float64Array(frames * BINS);
  const imaginary = new Float64Array(frames * BINS);
  for (let t = 0; t < frames; t++) {
    const start = t * HOP - FFT_SIZE / 2;
    const first = Math.max(0, -start);
    const last = Math.min(FFT_SIZE, samples.length - start);
    frame.fill(0, 0, first);
    for (let i = first; i < last; i++) frame[i] = samples[start + i]! * window[i]!;
    frame.fill(0, Math.max(first, last));
    fft.forward();
    real.set(fft.real, t * BINS);
    imaginary.set(fft.imaginary, t * BINS);
  }
  return { frames, real, imaginary };
}

/**
 * The signal whose transform is nearest in least squares: windowed frames are added and divided by the sum of the squared
 * windows, as `librosa.istft` does. Frames beyond `length` take no part.
 *
 * @param length samples wanted; without frames there, zeros
 * @returns [length]
 */
export function inverseStft({ frames, real, imaginary }: ComplexSpectrogram, length: number): Float32Array {
  const { fft, window } = tools();
  const frame = fft.samples;
  const used = Math.min(frames, Math.ceil((length + FFT_SIZE) / HOP));
  const sum = new Float64Array(length);
  const weight = new Float64Array(length);
  for (let t = 0; t < used; t++) {
    fft.real.set(real.subarray(t * BINS, (t + 1) * BINS));
    fft.imaginary.set(imaginary.subarray(t * BINS, (t + 1) * BINS));
    fft.imaginary[0] = 0;
    fft.imaginary[BINS - 1] = 0;
    fft.inverse();
    const start = t * HOP - FFT_SIZE / 2;
    const last = Math.min(FFT_SIZE, length - start);
    for (let i = Math.max(0, -start); i < last; i++) {
      sum[start + i]! += (frame[i]! * window[i]!) / FFT_SIZE;
      weight[start + i]! += window[i]! * window[i]!;
    }
  }
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = weight[i]! > SMALLEST_NORMAL ? sum[i]! / weight[i]! : sum[i]!;
  return out;
}

const SMALLEST_NORMAL = 2.2250738585072014e-308;
