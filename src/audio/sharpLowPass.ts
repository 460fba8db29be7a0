import { kaiserHalfLength, kaiserSinc } from "./kaiser.js";
import { type Precision, type RealFft, realFft } from "./realFft.js";

export interface SharpLowPassOptions {
  /** End of the pass band and start of the stop band, in cycles per input sample. */
  pass: number;
  stop: number;
  attenuationDb: number;
  /** Every `from` samples of the input give `to` samples; a pair that `blockSizes` has sizes for. */
  from: number;
  to: number;
  precision: Precision;
}

/**
 * Kaiser-windowed sinc filter with linear phase, applied by overlap-save in the frequency domain. Changing the rate is a
 * matter of how many bins go back, so it costs nothing. Before and after the input there are zeros.
 */
export class SharpLowPass {
  readonly from: number;
  readonly to: number;
  private readonly forward: RealFft;
  private readonly backward: RealFft;
  /** [bins that go back], real since the filter is symmetric about time 0. */
  private readonly response: Float64Array;
  /** Input samples by which blocks overlap at either end; with `hop` a multiple of `from`. */
  private readonly margin: number;
  private readonly hop: number;

  /** @throws RangeError for a ratio without block sizes */
  constructor({ pass, stop, attenuationDb, from, to, precision }: SharpLowPassOptions) {
    this.from = from;
    this.to = to;
    const half = kaiserHalfLength(attenuationDb, stop - pass);
    this.margin = Math.ceil(half / from) * from;
    const scale = blockScale(from, to, this.margin);
    if (scale === undefined) throw new RangeError(`SharpLowPass: there are no blocks for ${from} to ${to}`);
    const size = scale * from;
    this.hop = size - 2 * this.margin;
    this.forward = realFft(size, precision);
    this.backward = from === to ? this.forward : realFft(scale * to, precision);
    this.response = response(
      size,
      Math.min(size, scale * to) / 2,
      kaiserSinc((pass + stop) / 2, half + 1, attenuationDb),
      half,
    );
  }

  /**
   * @param samples [samples]; item `start` is the one at time 0
   * @param before output samples wanted from before time 0, where the filter rings
   * @param count output samples wanted in all
   * @returns [count]; item `before` is the one at time 0
   */
  apply(samples: Float32Array, start: number, before: number, count: number): Float32Array | Float64Array {
    const { forward, backward, from, to, margin, hop } = this;
    const frame = forward.samples;
    const out = frame instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
    const outHop = (hop / from) * to;
    const outMargin = (margin / from) * to;
    const lead = Math.ceil(before / to);
    for (let input = start - margin - lead * from, at = before - lead * to; at < count; input += hop, at += outHop) {
      const first = Math.min(Math.max(-input, 0), frame.length);
      const last = Math.max(Math.min(samples.length - input, frame.length), first);
      if (last === first) continue;
      frame.fill(0, 0, first);
      frame.set(samples.subarray(input + first, input + last), first);
      frame.fill(0, last);
      this.filterFrame();
      const skipped = Math.max(0, -at);
      const taken = Math.min(outHop, count - at);
      if (taken > skipped) {
        out.set(backward.samples.subarray(outMargin + skipped, outMargin + taken), at + skipped);
      }
    }
    return out;
  }

  private filterFrame(): void {
    const { forward, backward, response } = this;
    const kept = response.length;
    forward.forward();
    const { real, imaginary } = backward;
    for (let k = 0; k < kept; k++) {
      real[k] = forward.real[k]! * response[k]!;
      imaginary[k] = forward.imaginary[k]! * response[k]!;
    }
    real.fill(0, kept);
    imaginary.fill(0, kept);
    backward.inverse();
  }
}

/** Whether a filter may change the rate from `from` to `to`, numbers without common factors. */
export function hasBlocks(from: number, to: number): boolean {
  return blockScale(from, to, 0) !== undefined;
}

const LARGEST = 2 ** 21;
/** Blocks of these multiples have transforms by vector instructions. */
const GRAIN = 32;

/** The number s for which blocks of s * from samples, of which 2 * margin are lost, cost least for each sample. */
function blockScale(from: number, to: number, margin: number): number | undefined {
  if (!isSmooth(from) || !isSmooth(to)) return undefined;
  let best: number | undefined;
  let least = Infinity;
  for (const factor of [1, 3, 5]) {
    for (let scale = GRAIN * factor; scale * Math.max(from, to) <= LARGEST; scale *= 2) {
      const hop = scale * from - 2 * margin;
      if (hop <= 0) continue;
      const cost = (transformCost(scale * from) + transformCost(scale * to)) / hop;
      if (cost < least) {
        least = cost;
        best = scale;
      }
    }
  }
  return best;
}

/** As measured from 4,096 to 28,224 points, where tables and buffers begin to leave the second cache. */
function transformCost(size: number): number {
  return size * Math.log2(size) * (1 + size / 16384);
}

function isSmooth(value: number): boolean {
  let rest = value;
  for (const prime of [2, 3, 5, 7, 11]) while (rest % prime === 0) rest /= prime;
  return rest === 1;
}

/** The first `kept` bins of the transform of a filter's taps, for an unscaled transform forth and back of `size` points. */
function response(size: number, kept: number, tap: (time: number) => number, half: number): Float64Array {
  const fft = realFft(size, "double");
  let sum = 0;
  for (let n = -half; n <= half; n++) {
    const value = tap(n);
    sum += value;
    fft.samples[(n + size) % size] = value;
  }
  fft.forward();
  return Float64Array.from(fft.real.subarray(0, kept), (value) => value / (sum * size));
}
