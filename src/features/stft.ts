import { RealFft } from "../audio/fft.js";
import { periodicHann } from "./window.js";

/**
 * What stands before the first and after the last sample, so that frame `t` is centred on sample `t * hop`: `zeros` is
 * librosa's default from 0.10, `reflect` (without the edge sample twice) librosa's before, torchaudio's and nnAudio's.
 */
export type CentrePadding = "zeros" | "reflect";

export interface StftOptions {
  /** Points of the transform, a power of two. */
  fftSize: number;
  /** Length of the periodic Hann window in samples, centred in the frame; at most `fftSize`. */
  windowSize: number;
  /** Samples from frame to frame. */
  hop: number;
  padding: CentrePadding;
}

/** Short-time Fourier transform with centred frames, one frame at a time into buffers that are used again. */
export class Stft {
  /** fftSize / 2 + 1. */
  readonly bins: number;
  private readonly options: StftOptions;
  private readonly fft: RealFft;
  /** [fftSize], the window with zeros on both sides. */
  private readonly window: Float64Array;
  private readonly frame: Float64Array;

  /** @throws RangeError for options that do not fit together */
  constructor(options: StftOptions) {
    const { fftSize, windowSize, hop, padding } = options;
    this.fft = new RealFft(fftSize);
    if (!Number.isInteger(windowSize) || windowSize < 1 || windowSize > fftSize) {
      throw new RangeError(`Stft: windowSize must be an integer from 1 to fftSize (${fftSize}), got ${windowSize}`);
    }
    if (!Number.isInteger(hop) || hop < 1) throw new RangeError(`Stft: hop must be at least 1 sample, got ${hop}`);
    if (padding !== "zeros" && padding !== "reflect") {
      throw new RangeError(`Stft: padding must be "zeros" or "reflect", got ${JSON.stringify(padding)}`);
    }
    this.options = options;
    this.bins = this.fft.bins;
    this.frame = new Float64Array(fftSize);
    this.window = new Float64Array(fftSize);
    this.window.set(periodicHann(windowSize), Math.floor((fftSize - windowSize) / 2));
  }

  /** Frames of a clip: 1 + floor(samples / hop), whatever the window. */
  frames(sampleCount: number): number {
    return 1 + Math.floor(sampleCount / this.options.hop);
  }

  /**
   * Power |X|^2 of one frame.
   *
   * @param samples [samples], at least one
   * @param index of the frame, from 0
   * @param out receives [bins]
   */
  power(samples: Float32Array, index: number, out: Float64Array): void {
    this.fill(samples, index * this.options.hop - this.options.fftSize / 2);
    this.fft.transform(this.frame);
    const { real, imaginary } = this.fft;
    for (let k = 0; k < this.bins; k++) out[k] = real[k]! * real[k]! + imaginary[k]! * imaginary[k]!;
  }

  /** The windowed frame that starts at sample `start`, which may lie outside the clip. */
  private fill(samples: Float32Array, start: number): void {
    const { frame, window } = this;
    const size = frame.length;
    const count = samples.length;
    if (count === 0) throw new RangeError("Stft: a clip of 0 samples has no spectrum");
    const inside = Math.min(Math.max(-start, 0), size);
    const outside = Math.max(Math.min(count - start, size), inside);
    for (let i = inside; i < outside; i++) frame[i] = samples[start + i]! * window[i]!;
    if (this.options.padding === "zeros") {
      frame.fill(0, 0, inside);
      frame.fill(0, outside);
    } else {
      for (let i = 0; i < inside; i++) frame[i] = samples[reflected(start + i, count)]! * window[i]!;
      for (let i = outside; i < size; i++) frame[i] = samples[reflected(start + i, count)]! * window[i]!;
    }
  }
}

/** Index in a clip that is reflected at its ends as often as needed, as NumPy's `pad(mode="reflect")` does. */
function reflected(index: number, count: number): number {
  if (count === 1) return 0;
  const period = 2 * (count - 1);
  const within = ((index % period) + period) % period;
  return within < count ? within : period - within;
}
