import { type FramePower, framePower, type Precision } from "../audio/realFft.js";
import { reflectedIndex } from "./reflect.js";
import { periodicWindow, type WindowName } from "./window.js";

/**
 * What stands before the first and after the last sample, so that frame `t` is centred on sample `t * hop`: `zeros` is
 * librosa's default from 0.10, `reflect` (without the edge sample twice) librosa's before, torchaudio's and nnAudio's. With
 * `none` frame `t` starts at sample `t * hop`, and only whole frames count.
 */
export type CentrePadding = "zeros" | "reflect" | "none";

const PADDINGS: readonly CentrePadding[] = ["zeros", "reflect", "none"];

export interface StftOptions {
  /** Points of the transform: even, a product of 2, 3, 5, 7 and 11; fastest as a multiple of 32. */
  fftSize: number;
  /** Periodic; default `hann`. */
  window?: WindowName;
  /** Length of the window in samples, centred in the frame; at most `fftSize`. */
  windowSize: number;
  /** Samples from frame to frame. */
  hop: number;
  padding: CentrePadding;
  /**
   * Default `single`, whose rounding lies 140 dB below the frame; `double` for what is standardised row by row, where the
   * emptiest rows count as much as the others.
   */
  precision?: Precision;
}

/** Short-time Fourier transform of one clip at a time, frame by frame, in buffers that are used again. */
export class Stft {
  /** fftSize / 2 + 1. */
  readonly bins: number;
  private readonly options: StftOptions;
  /** [fftSize], with zeros on both sides. */
  private readonly window: Float64Array;
  private readonly spectrum: Float32Array;
  private transform: FramePower;

  /** @throws RangeError for options that do not fit together */
  constructor(options: StftOptions) {
    const { fftSize, window = "hann", windowSize, hop, padding } = options;
    if (!Number.isInteger(fftSize) || fftSize < 2) throw new RangeError(`Stft: fftSize must be at least 2: ${fftSize}`);
    if (!Number.isInteger(windowSize) || windowSize < 1 || windowSize > fftSize) {
      throw new RangeError(`Stft: windowSize must be an integer from 1 to fftSize (${fftSize}), got ${windowSize}`);
    }
    if (!Number.isInteger(hop) || hop < 1) throw new RangeError(`Stft: hop must be at least 1 sample, got ${hop}`);
    if (!PADDINGS.includes(padding)) {
      throw new RangeError(`Stft: padding must be one of ${PADDINGS.join(", ")}, got ${JSON.stringify(padding)}`);
    }
    this.options = options;
    this.window = new Float64Array(fftSize);
    this.window.set(periodicWindow(window, windowSize), Math.floor((fftSize - windowSize) / 2));
    this.transform = framePower(this.window, fftSize, options.precision);
    this.bins = this.transform.bins;
    this.spectrum = new Float32Array(this.bins);
  }

  /** Frames of a clip: 1 + floor(samples / hop), whatever the window; without padding, as many as fit in. */
  frames(sampleCount: number): number {
    const { padding, fftSize, hop } = this.options;
    const room = padding === "none" ? sampleCount - fftSize : sampleCount;
    return Math.max(0, 1 + Math.floor(room / hop));
  }

  /**
   * Takes the clip whose frames are then asked for.
   *
   * @param samples [samples], at least one
   * @returns the number of frames
   * @throws RangeError for a clip of no samples
   */
  open(samples: Float32Array): number {
    const { padding, fftSize } = this.options;
    const count = samples.length;
    if (count === 0) throw new RangeError("Stft: a clip of 0 samples has no spectrum");
    const pad = padding === "none" ? 0 : fftSize / 2;
    const length = count + 2 * pad;
    if (this.transform.samples.length < length) {
      // Half as much again, so that clips of growing length do not each make a new one.
      this.transform = framePower(this.window, Math.max(fftSize, Math.ceil(1.5 * length)), this.options.precision);
    }
    const clip = this.transform.samples;
    clip.set(samples, pad);
    if (padding === "zeros") {
      clip.fill(0, 0, pad);
      clip.fill(0, pad + count, length);
    } else if (padding === "reflect") {
      for (let i = 0; i < pad; i++) clip[i] = samples[reflectedIndex(i - pad, count)]!;
      for (let i = pad + count; i < length; i++) clip[i] = samples[reflectedIndex(i - pad, count)]!;
    }
    return this.frames(count);
  }

  /**
   * Power |X|^2 of one frame of the clip.
   *
   * @param index of the frame, from 0
   * @param bins so many of the lowest are wanted, at least one; default all
   * @returns [this.bins], of which those wanted count; overwritten by the next frame
   */
  power(index: number, bins: number = this.bins): Float32Array {
    const { transform, spectrum } = this;
    transform.measure(index * this.options.hop, bins);
    const { power } = transform;
    if (power instanceof Float32Array) return power;
    spectrum.set(power);
    return spectrum;
  }

  /** Magnitude |X| of one frame: see `power`. */
  magnitude(index: number): Float32Array {
    const power = this.power(index);
    const { spectrum } = this;
    for (let k = 0; k < this.bins; k++) spectrum[k] = Math.sqrt(power[k]!);
    return spectrum;
  }
}
