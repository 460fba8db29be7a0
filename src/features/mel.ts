import { SparseBands, type Stretch } from "./sparseBands.js";

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
export class MelFilterBank extends SparseBands {
  /** @throws RangeError for a range outside 0 to half the rate, and where a filter would hold no bin at all */
  constructor(options: MelOptions) {
    super(triangles(options), options.fftSize / 2 + 1);
  }
}

function triangles({ sampleRateHz, fftSize, bands, minimumHz, maximumHz, scale, norm }: MelOptions): Stretch[] {
  if (!(minimumHz >= 0 && minimumHz < maximumHz && maximumHz <= sampleRateHz / 2)) {
    throw new RangeError(
      `MelFilterBank: ${minimumHz} to ${maximumHz} Hz is not a range within 0 to ${sampleRateHz / 2} Hz`,
    );
  }
  if (!Number.isInteger(bands) || bands < 1) throw new RangeError(`MelFilterBank: bands must be 1 or more: ${bands}`);
  const bins = fftSize / 2 + 1;
  const low = hzToMel(minimumHz, scale);
  const step = (hzToMel(maximumHz, scale) - low) / (bands + 1);
  const edgesHz = Array.from({ length: bands + 2 }, (_, i) => melToHz(low + i * step, scale));
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = [edgesHz[band]!, edgesHz[band + 1]!, edgesHz[band + 2]!];
    const gain = norm === "area" ? 2 / (right - left) : 1;
    let firstBin = 0;
    const weights: number[] = [];
    for (let bin = 0; bin < bins; bin++) {
      const hz = (bin * sampleRateHz) / fftSize;
      const weight = Math.min((hz - left) / (centre - left), (right - hz) / (right - centre));
      if (weight <= 0) continue;
      if (weights.length === 0) firstBin = bin;
      weights.push(gain * weight);
    }
    if (weights.length === 0) {
      throw new RangeError(
        `MelFilterBank: band ${band} of ${bands} holds no bin of a ${fftSize}-point transform; fewer bands or a longer transform would do`,
      );
    }
    return { firstBin, weights };
  });
}
