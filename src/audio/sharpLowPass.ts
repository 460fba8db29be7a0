import { RealFft } from "./fft.js";
import { kaiserHalfLength, kaiserSinc } from "./kaiser.js";

export interface SharpLowPassOptions {
  /** End of the pass band and start of the stop band, in cycles per input sample. */
  pass: number;
  stop: number;
  attenuationDb: number;
  /** The output has 2^powerOfTwo samples for each sample of the input: -2 keeps every fourth, 1 doubles. */
  powerOfTwo: number;
}

/**
 * Kaiser-windowed sinc filter with linear phase, applied by overlap-save in the frequency domain. Changing the rate by a
 * power of two is a matter of how many bins go back, so it costs nothing. Before and after the input there are zeros.
 */
export class SharpLowPass {
  /** Output samples per input sample. */
  readonly ratio: number;
  /** Reach of the filter to either side, in input samples. */
  readonly half: number;
  private readonly forward: RealFft;
  private readonly backward: RealFft;
  private readonly frame: Float64Array;
  private readonly folded: Float64Array;
  /** [bins that go back], real since the filter is symmetric about time 0. */
  private readonly response: Float64Array;
  /** Input samples by which blocks overlap at either end; with `hop` a whole number of output samples. */
  private readonly margin: number;
  private readonly hop: number;

  constructor({ pass, stop, attenuationDb, powerOfTwo }: SharpLowPassOptions) {
    this.ratio = 2 ** powerOfTwo;
    this.half = kaiserHalfLength(attenuationDb, stop - pass);
    const grid = Math.max(1, 1 / this.ratio);
    this.margin = Math.ceil(this.half / grid) * grid;
    const size = 2 ** Math.ceil(Math.log2(Math.max(12 * this.margin, 1024)));
    this.hop = size - 2 * this.margin;
    this.forward = new RealFft(size);
    this.backward = new RealFft(size * this.ratio);
    this.frame = new Float64Array(size);
    this.folded = new Float64Array(size * this.ratio);

    const tap = kaiserSinc((pass + stop) / 2, this.half + 1, attenuationDb);
    let sum = 0;
    for (let n = -this.half; n <= this.half; n++) {
      const value = tap(n);
      sum += value;
      this.frame[(n + size) % size] = value;
    }
    this.forward.transform(this.frame);
    const kept = Math.min(size, size * this.ratio) / 2;
    this.response = this.forward.real.slice(0, kept);
    // The sum of taps is made 1, and an unscaled transform forth and back is divided by its length.
    for (let k = 0; k < kept; k++) this.response[k]! /= sum * size;
  }

  /**
   * @param samples [samples]
   * @param before output samples wanted from before the input's start, where the filter rings; below 0 to begin later
   * @param count output samples wanted in all
   * @returns [count]; item `before` is the sample at the input's start
   */
  apply(samples: Float32Array, before: number, count: number): Float64Array {
    const { frame, hop, margin, ratio } = this;
    const size = frame.length;
    const out = new Float64Array(count);
    const outHop = hop * ratio;
    const outMargin = margin * ratio;
    const grid = Math.max(1, 1 / ratio);
    const lead = Math.ceil(before / ratio / grid) * grid;
    let at = before - lead * ratio;
    for (let start = -lead; at < count; start += hop, at += outHop) {
      const from = start - margin;
      const first = Math.min(Math.max(-from, 0), size);
      const last = Math.max(Math.min(samples.length - from, size), first);
      frame.fill(0, 0, first);
      for (let i = first; i < last; i++) frame[i] = samples[from + i]!;
      frame.fill(0, last);
      if (last > first) this.filterBlock(out, at, outMargin, outHop);
    }
    return out;
  }

  /** Filters `frame` and copies the part that is free of wrap-around to `out`. */
  private filterBlock(out: Float64Array, at: number, outMargin: number, outHop: number): void {
    const { forward, backward, folded, response, frame } = this;
    forward.transform(frame);
    // A forward transform of A - B goes back from A + iB: x[n] = re[n] - im[n], x[size - n] = re[n] + im[n].
    const size = folded.length;
    folded[0] = forward.real[0]! * response[0]!;
    for (let k = 1; k < response.length; k++) {
      const re = forward.real[k]! * response[k]!;
      const im = forward.imaginary[k]! * response[k]!;
      folded[k] = re - im;
      folded[size - k] = re + im;
    }
    folded.fill(0, response.length, size - response.length + 1);
    backward.transform(folded);
    const { real, imaginary } = backward;
    const first = Math.max(0, -at);
    const last = Math.min(outHop, out.length - at);
    for (let i = first; i < last; i++) {
      const n = outMargin + i;
      out[at + i] = n <= size / 2 ? real[n]! - imaginary[n]! : real[size - n]! + imaginary[size - n]!;
    }
  }
}
