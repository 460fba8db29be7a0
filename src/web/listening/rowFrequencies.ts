import type { Json } from "../../features/canonicalJson.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import { hzToMel, type MelScale, melToHz } from "../../features/mel.js";

/** Of the options of `logMel`, `spectrogram` and `melImage`: what says where rows are. */
interface Options {
  name?: string;
  bands?: number;
  coefficients?: number;
  keptBins?: number;
  minimumHz?: number;
  maximumHz?: number;
  scale?: MelScale;
  fftSize?: number;
  image?: { scale: number; clipBlank: boolean };
  channels?: Json[];
  /** Of a front end that changes another's map. */
  mel?: Json;
  map?: Json;
}

/**
 * The borders in Hz between rows that span an input evenly, lowest first, [rows + 1]; undefined where the input's rows are no frequencies
 * (cepstra, samples), are others in each channel, or where a picture was stretched by what it shows.
 *
 * @param inputRows of the model's input
 * @param rows as many, or fewer, each over several rows of the input
 */
export function rowBordersHz(frontEnd: FrontEnd, inputRows: number, rows: number): number[] | undefined {
  const outer = frontEnd.options as Options;
  const options = (outer.mel ?? outer.map ?? outer) as Options;
  const { bands, minimumHz, maximumHz, scale, fftSize, keptBins } = options;
  if (outer.image?.clipBlank || outer.channels || isCepstrum(frontEnd, outer)) return undefined;
  const borders = (hertz: (row: number) => number) =>
    Array.from({ length: rows + 1 }, (_, i) => {
      const row = (i * inputRows) / rows / (outer.image?.scale ?? 1);
      return Math.max(0, hertz(row));
    });
  if (bands !== undefined && scale && minimumHz !== undefined && maximumHz !== undefined) {
    // Between the peaks of the triangles, which stand from 1 on among bands + 1 steps.
    const low = hzToMel(minimumHz, scale);
    const step = (hzToMel(maximumHz, scale) - low) / (bands + 1);
    return borders((row) => melToHz(low + (row + 0.5) * step, scale));
  }
  if (keptBins === undefined || fftSize === undefined) return undefined;
  return borders((row) => ((row - 0.5) * frontEnd.sampleRateHz) / fftSize);
}

/** Its options are those of the mel bands that it is made of. */
function isCepstrum({ name }: FrontEnd, { mfcc, coefficients }: Options & { mfcc?: Json }): boolean {
  return name === "mfcc" || mfcc !== undefined || coefficients !== undefined;
}
