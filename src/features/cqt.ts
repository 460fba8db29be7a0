import { refuseUnlessFinite } from "./finite.js";
import { frequencySampledFilter } from "./firwin2.js";
import { reflectedIndex } from "./reflect.js";
import { SlidingProduct } from "./slidingProduct.js";

export interface CqtOptions {
  sampleRateHz: number;
  /** In samples; halved from octave to octave, so it must be divisible by 2^(octaves - 1). */
  hop: number;
  /** Frequency of the lowest bin. */
  minimumHz: number;
  bins: number;
  binsPerOctave: number;
}

/** Taps of the low-pass before each halving of the rate, and its edges in parts of half the rate. */
const HALVING_TAPS = 256;
const HALVING_EDGES = [0, 0.5 / 1.001, 0.5 * 1.001, 1];
/** Outputs of the low-pass that are computed as one row of a product. */
const HALVED_AT_ONCE = 8;

/**
 * Constant-Q transform by octaves: the same short kernels for each, on a signal that is low-passed and halved in rate from one
 * to the next. Magnitudes as of nnAudio's `CQT2010v2` (`norm=1`, `earlydownsample=False`, reflected ends, its half-sample delay
 * at each halving kept): L1-normalised kernels, times the root of the length that a bin's kernel would have at the full rate.
 *
 * @see Schörkhuber and Klapuri, "Constant-Q transform toolbox for music processing" (2010)
 */
export class Cqt {
  readonly bins: number;
  private readonly options: CqtOptions;
  private readonly octaves: number;
  /** Points that the kernels are centred in. */
  private readonly size: number;
  /** Columns: real parts of all bins of an octave, then imaginary parts. */
  private readonly kernels: SlidingProduct[] = [];
  private readonly halving: SlidingProduct;
  /** [bins] */
  private readonly gains: Float64Array;

  /** @throws RangeError for a top bin above half the rate and a hop that cannot be halved as often as needed */
  constructor(options: CqtOptions) {
    const { sampleRateHz, hop, minimumHz, bins, binsPerOctave } = options;
    if (!Number.isInteger(bins) || bins < 1 || !Number.isInteger(binsPerOctave) || binsPerOctave < 1) {
      throw new RangeError(`Cqt: bins (${bins}) and binsPerOctave (${binsPerOctave}) must be positive integers`);
    }
    const frequencyHz = (bin: number) => minimumHz * 2 ** (bin / binsPerOctave);
    if (!(minimumHz > 0 && frequencyHz(bins - 1) <= sampleRateHz / 2)) {
      throw new RangeError(
        `Cqt: bins from ${minimumHz} to ${frequencyHz(bins - 1)} Hz do not lie within 0 to ${sampleRateHz / 2} Hz`,
      );
    }
    this.octaves = Math.ceil(bins / binsPerOctave);
    if (!Number.isInteger(hop / 2 ** (this.octaves - 1)) || hop < 1) {
      throw new RangeError(
        `Cqt: hop must be divisible by ${2 ** (this.octaves - 1)} for ${this.octaves} octaves: ${hop}`,
      );
    }
    this.options = options;
    this.bins = bins;

    const quality = 1 / (2 ** (1 / binsPerOctave) - 1);
    const count = Math.min(binsPerOctave, bins);
    const top = Array.from({ length: count }, (_, i) => frequencyHz(bins - count + i));
    const lengths = top.map((hz) => Math.ceil((quality * sampleRateHz) / hz));
    this.size = 2 ** Math.ceil(Math.log2(Math.max(...lengths)));
    const kernels = top.map((hz, i) => kernel((2 * Math.PI * hz) / sampleRateHz, lengths[i]!, this.size));
    const weights = [...kernels.map(({ real }) => real), ...kernels.map(({ imaginary }) => imaginary)];
    for (let octave = 0; octave < this.octaves; octave++) {
      this.kernels.push(new SlidingProduct({ weights, step: hop / 2 ** octave }));
    }
    this.gains = Float64Array.from({ length: bins }, (_, bin) =>
      Math.sqrt(Math.ceil((quality * sampleRateHz) / frequencyHz(bin))),
    );

    const lowPass = frequencySampledFilter(HALVING_TAPS, HALVING_EDGES, [1, 1, 0, 0]);
    const shifted = Array.from({ length: HALVED_AT_ONCE }, (_, i) => {
      const row = new Float64Array(HALVING_TAPS + 2 * (HALVED_AT_ONCE - 1));
      row.set(lowPass, 2 * i);
      return row;
    });
    this.halving = new SlidingProduct({ weights: shifted, step: 2 * HALVED_AT_ONCE });
  }

  /** Frames of a clip: 1 + floor(samples / hop). */
  frames(sampleCount: number): number {
    return 1 + Math.floor(sampleCount / this.options.hop);
  }

  /**
   * @param samples [samples], at least one
   * @param name of the front end, for messages
   * @param given takes the result where given
   * @returns magnitudes, [bins, frames]
   * @throws RangeError for no samples and for samples that are not finite numbers
   */
  magnitudes(samples: Float32Array, name = "Cqt", given?: Float32Array): Float32Array {
    if (samples.length === 0) throw new RangeError(`${name}: a clip of 0 samples has no spectrum`);
    const frames = this.frames(samples.length);
    const out = given ?? new Float32Array(this.bins * frames);
    let signal = samples;
    for (let octave = 0; octave < this.octaves; octave++) {
      if (octave > 0) signal = this.halved(signal);
      this.octave(signal, octave, frames, out);
    }
    refuseUnlessFinite(name, out, samples);
    return out;
  }

  /** One octave's magnitudes into their rows of `out`, counted from the top, octave 0. */
  private octave(signal: Float32Array, octave: number, frames: number, out: Float32Array): void {
    const { size, gains } = this;
    const product = this.kernels[octave]!;
    const input = product.input(frames);
    const pad = size / 2;
    const needed = (frames - 1) * product.step + size;
    const before = Math.min(pad, needed);
    for (let i = 0; i < before; i++) input[i] = signal[reflectedIndex(i - pad, signal.length)]!;
    const whole = Math.max(0, Math.min(signal.length, needed - pad));
    input.set(signal.subarray(0, whole), pad);
    for (let i = pad + whole; i < needed; i++) input[i] = signal[reflectedIndex(i - pad, signal.length)]!;
    input.fill(0, needed);

    const result = product.compute(frames);
    const { columns, stride } = product;
    const count = columns / 2;
    const lowest = this.bins - octave * this.options.binsPerOctave - count;
    for (let start = 0; start < frames; start += 16) {
      const end = Math.min(frames, start + 16);
      for (let i = 0; i < count; i++) {
        const bin = lowest + i;
        if (bin < 0) continue; // the lowest octave may be a part of one
        const gain = gains[bin]!;
        for (let frame = start; frame < end; frame++) {
          const re = result[frame * stride + i]!;
          const im = result[frame * stride + count + i]!;
          out[bin * frames + frame] = gain * Math.sqrt(re * re + im * im);
        }
      }
    }
  }

  /** Low-passed, every second sample; zeros before and after. At least one sample is left. */
  private halved(signal: Float32Array): Float32Array {
    const { halving } = this;
    const count = Math.max(1, Math.floor(signal.length / 2));
    const rows = Math.ceil(count / HALVED_AT_ONCE);
    const input = halving.input(rows);
    const pad = HALVING_TAPS / 2 - 1;
    input.fill(0, 0, pad);
    input.set(signal, pad);
    input.fill(0, pad + signal.length);
    const out = halving.compute(rows);
    return out.slice(0, count);
  }
}

/** exp(-i angle m) under a periodic Hann window of `length`, of absolute sum 1, with m = 0 in the middle of `size`. */
function kernel(angle: number, length: number, size: number): { real: Float64Array; imaginary: Float64Array } {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const first = -Math.ceil(length / 2);
  for (let n = 0; n < length; n++) {
    // The periodic Hann window sums to length / 2, and so does the kernel's magnitude.
    const weight = (1 - Math.cos((2 * Math.PI * n) / length)) / length;
    const place = size / 2 + first + n;
    real[place] = weight * Math.cos(angle * (first + n));
    imaginary[place] = -weight * Math.sin(angle * (first + n));
  }
  return { real, imaginary };
}
