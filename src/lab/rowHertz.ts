import type { Json } from "../features/canonicalJson.js";
import type { FrontEnd } from "../features/frontEnd.js";
import { hzToMel, type MelScale, melToHz } from "../features/mel.js";

/** Of the options of `logMel` and `spectrogram`: what says where rows are. */
interface Rows {
  bands?: number;
  minimumHz?: number;
  maximumHz?: number;
  scale?: MelScale;
  fftSize?: number;
}

/**
 * The centre of each row in Hz, [rows], lowest first: of mel bands the peaks of their triangles, of a spectrum its bins. Nothing for a front end
 * whose rows are neither, such as a picture's.
 */
export function rowHertz({ options, rows, sampleRateHz }: FrontEnd): number[] | undefined {
  const { bands, minimumHz, maximumHz, scale, fftSize } = rowsOf(options);
  if (scale !== undefined && bands !== undefined && minimumHz !== undefined && maximumHz !== undefined) {
    const low = hzToMel(minimumHz, scale);
    const step = (hzToMel(maximumHz, scale) - low) / (bands + 1);
    return Array.from({ length: rows }, (_, band) => melToHz(low + (band + 1) * step, scale));
  }
  if (bands !== undefined || fftSize === undefined) return undefined;
  return Array.from({ length: rows }, (_, bin) => (bin * sampleRateHz) / fftSize);
}

/** A front end that normalises another's map has that one's options as `map`. */
function rowsOf(options: Json): Rows {
  const { map = options } = options as { map?: Json };
  return (map ?? {}) as Rows;
}
