import type { FilterBank } from "./filterBank.js";
import { SlidingProduct } from "./slidingProduct.js";
import { transposeInto } from "./transpose.js";

export interface GammatoneOptions {
  sampleRateHz: number;
  fftSize: number;
  bands: number;
  /** Centre of the lowest band. */
  minimumHz: number;
  /** The highest band is centred one step below. */
  maximumHz: number;
}

/** Glasberg and Moore's auditory filters: equivalent rectangular bandwidth f / 9.26449 + 24.7 Hz. */
const EAR_Q = 9.26449;
const MINIMUM_BANDWIDTH_HZ = 24.7;
const BREAK_HZ = EAR_Q * MINIMUM_BANDWIDTH_HZ;

/** Centre frequencies in Hz, ascending, evenly spaced on the ERB scale; the highest is one step below `maximumHz`. */
export function gammatoneCentresHz({ bands, minimumHz, maximumHz }: GammatoneOptions): number[] {
  const ratio = (minimumHz + BREAK_HZ) / (maximumHz + BREAK_HZ);
  return Array.from({ length: bands }, (_, i) => (maximumHz + BREAK_HZ) * ratio ** ((bands - i) / bands) - BREAK_HZ);
}

/**
 * The magnitude responses of fourth-order gammatone filters at the bins of a transform, 1 / fftSize at each centre: the
 * weights of `Gammatonegram` of nnAudio, after Ellis's `fft2gammatonemx` and Slaney's `MakeERBFilters`. They are amplitude
 * weights, whatever spectrum they are applied to.
 *
 * @see papers.md 1.2
 */
export class GammatoneFilterBank implements FilterBank {
  readonly bands: number;
  /** fftSize / 2 + 1. */
  readonly usedBins: number;
  private readonly weights: Float64Array[];
  private readonly product: SlidingProduct;
  private input: Float32Array = new Float32Array(0);
  private frames = 0;
  private scratch = new Float32Array(0);

  /** @throws RangeError for a range outside 0 to half the rate and for no bands */
  constructor(options: GammatoneOptions) {
    const { sampleRateHz, fftSize, bands, minimumHz, maximumHz } = options;
    if (!(minimumHz >= 0 && minimumHz < maximumHz && maximumHz <= sampleRateHz / 2)) {
      throw new RangeError(
        `GammatoneFilterBank: ${minimumHz} to ${maximumHz} Hz is not a range within 0 to ${sampleRateHz / 2} Hz`,
      );
    }
    if (!Number.isInteger(bands) || bands < 1) {
      throw new RangeError(`GammatoneFilterBank: bands must be 1 or more: ${bands}`);
    }
    this.bands = bands;
    this.usedBins = fftSize / 2 + 1;
    this.weights = gammatoneCentresHz(options).map((centreHz) => {
      const response = gammatoneResponse(centreHz, sampleRateHz);
      const peak = response((2 * Math.PI * centreHz) / sampleRateHz);
      return Float64Array.from(
        { length: this.usedBins },
        (_, bin) => response((2 * Math.PI * bin) / fftSize) / peak / fftSize,
      );
    });
    this.product = new SlidingProduct({ weights: this.weights, step: this.usedBins });
  }

  open(frames: number): number {
    this.frames = frames;
    this.input = this.product.input(frames);
    return frames;
  }

  add(spectrum: Float32Array, frame: number): void {
    this.input.set(spectrum.subarray(0, this.usedBins), frame * this.usedBins);
  }

  levels(): Float32Array {
    const { product, bands, frames } = this;
    if (this.scratch.length < bands * frames) this.scratch = new Float32Array(bands * frames);
    transposeInto(product.compute(frames), frames, product.stride, bands, this.scratch);
    return this.scratch.subarray(0, bands * frames);
  }

  /** The weights, [bands][bins], for figures and tests. */
  dense(): Float64Array[] {
    return this.weights.map((row) => row.slice());
  }
}

/** The response at an angle, up to a factor: four real zeros, and a pair of poles taken four times. */
function gammatoneResponse(centreHz: number, sampleRateHz: number): (angle: number) => number {
  const bandwidth = 1.019 * 2 * Math.PI * (centreHz / EAR_Q + MINIMUM_BANDWIDTH_HZ);
  const radius = Math.exp(-bandwidth / sampleRateHz);
  const theta = (2 * Math.PI * centreHz) / sampleRateHz;
  const [near, far] = [Math.SQRT2 - 1, Math.SQRT2 + 1];
  const zeros = [near, -near, far, -far].map((k) => radius * (Math.cos(theta) + k * Math.sin(theta)));
  const [poleRe, poleIm] = [radius * Math.cos(theta), radius * Math.sin(theta)];
  return (angle) => {
    const [re, im] = [Math.cos(angle), Math.sin(angle)];
    const above = zeros.reduce((product, zero) => product * Math.hypot(re - zero, im), 1);
    const below = Math.hypot(re - poleRe, im - poleIm) * Math.hypot(re - poleRe, im + poleIm);
    return above / below ** 4;
  };
}
