import type { FilterBank } from "./filterBank.js";

/** `htk`: 2595 log10(1 + f / 700). `slaney`: linear to 1 kHz, then logarithmic (Auditory Toolbox, librosa's default). */
export type MelScale = "htk" | "slaney";
/** `area`: each triangle is divided by half its width in Hz (librosa's `slaney`). `none`: peaks of 1. */
export type MelNorm = "none" | "area";

export interface MelOptions {
  sampleRateHz: number;
  fftSize: number;
  bands: number;
  minimumHz: number;
  maximumHz: number;
  scale: MelScale;
  norm: MelNorm;
}

const SLANEY_LINEAR_HZ_PER_MEL = 200 / 3;
const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK_MEL = SLANEY_BREAK_HZ / SLANEY_LINEAR_HZ_PER_MEL;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** Frequency in Hz to mel. */
export function hzToMel(hz: number, scale: MelScale): number {
  if (scale === "htk") return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY_BREAK_HZ) return hz / SLANEY_LINEAR_HZ_PER_MEL;
  return SLANEY_BREAK_MEL + Math.log(hz / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP;
}

/** Mel to frequency in Hz. */
export function melToHz(mel: number, scale: MelScale): number {
  if (scale === "htk") return 700 * (10 ** (mel / 2595) - 1);
  if (mel < SLANEY_BREAK_MEL) return mel * SLANEY_LINEAR_HZ_PER_MEL;
  return SLANEY_BREAK_HZ * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_BREAK_MEL));
}

/** Triangular filters, evenly spaced on the mel scale; only the bins inside a triangle are stored. */
export class MelFilterBank implements FilterBank {
  readonly bands: number;
  readonly stride: number;
  /** fftSize / 2 + 1. */
  readonly bins: number;
  private scratch = new Float32Array(0);
  private frames = 0;
  /** [bands + 1]: the weights of band b are `weights[start[b]]` to `weights[start[b + 1] - 1]`. */
  private readonly start: Uint32Array;
  /** [bands]: the bin of a band's first weight. */
  private readonly firstBin: Uint32Array;
  private readonly weights: Float64Array;

  /** @throws RangeError for a range outside 0 to half the rate, and where a filter would hold no bin at all */
  constructor({ sampleRateHz, fftSize, bands, minimumHz, maximumHz, scale, norm }: MelOptions) {
    if (!(minimumHz >= 0 && minimumHz < maximumHz && maximumHz <= sampleRateHz / 2)) {
      throw new RangeError(
        `MelFilterBank: ${minimumHz} to ${maximumHz} Hz is not a range within 0 to ${sampleRateHz / 2} Hz`,
      );
    }
    if (!Number.isInteger(bands) || bands < 1) throw new RangeError(`MelFilterBank: bands must be 1 or more: ${bands}`);
    this.bands = bands;
    this.stride = bands;
    this.bins = fftSize / 2 + 1;
    const low = hzToMel(minimumHz, scale);
    const step = (hzToMel(maximumHz, scale) - low) / (bands + 1);
    const edgesHz = Array.from({ length: bands + 2 }, (_, i) => melToHz(low + i * step, scale));
    this.start = new Uint32Array(bands + 1);
    this.firstBin = new Uint32Array(bands);
    const weights: number[] = [];
    for (let band = 0; band < bands; band++) {
      const [left, centre, right] = [edgesHz[band]!, edgesHz[band + 1]!, edgesHz[band + 2]!];
      const gain = norm === "area" ? 2 / (right - left) : 1;
      this.start[band] = weights.length;
      for (let bin = 0; bin < this.bins; bin++) {
        const hz = (bin * sampleRateHz) / fftSize;
        const weight = Math.min((hz - left) / (centre - left), (right - hz) / (right - centre));
        if (weight <= 0) continue;
        if (weights.length === this.start[band]) this.firstBin[band] = bin;
        weights.push(gain * weight);
      }
      if (weights.length === this.start[band]) {
        throw new RangeError(
          `MelFilterBank: band ${band} of ${bands} holds no bin of a ${fftSize}-point transform; fewer bands or a longer transform would do`,
        );
      }
    }
    this.start[bands] = weights.length;
    this.weights = Float64Array.from(weights);
  }

  open(frames: number): void {
    this.frames = frames;
    if (this.scratch.length < frames * this.bands) this.scratch = new Float32Array(frames * this.bands);
  }

  add(spectrum: Float32Array, frame: number): void {
    this.apply(spectrum, this.scratch, frame * this.bands);
  }

  levels(): Float32Array {
    return this.scratch.subarray(0, this.frames * this.bands);
  }

  /**
   * @param spectrum [bins] or longer, power or magnitude
   * @param out receives [bands] from `outOffset`
   */
  apply(spectrum: Float32Array, out: Float32Array, outOffset = 0): void {
    const { weights, start, firstBin } = this;
    for (let band = 0; band < this.bands; band++) {
      const end = start[band + 1]!;
      let sum = 0;
      for (let i = start[band]!, bin = firstBin[band]!; i < end; i++, bin++) sum += weights[i]! * spectrum[bin]!;
      out[outOffset + band] = sum;
    }
  }

  /** The filters as a full matrix, [bands][fftSize / 2 + 1], for figures and tests. */
  dense(): Float64Array[] {
    return Array.from({ length: this.bands }, (_, band) => {
      const row = new Float64Array(this.bins);
      row.set(this.weights.subarray(this.start[band], this.start[band + 1]), this.firstBin[band]);
      return row;
    });
  }
}
