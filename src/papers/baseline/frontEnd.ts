import { DECIBELS } from "../../datasets/icbhiLogmel/format.js";
import { logmelTestPath, logmelText, STORED_MAP } from "../logmelTestPath.js";
import type { TestPath } from "../testPath.js";

/** `[bands, frames, channels]` of the network's input. */
export const BASELINE_INPUT = STORED_MAP;

const INPUT_OF_BYTE = DECIBELS.map((decibel) => decibel / 40 + 1);
const STEPS = {
  map: "icbhi-logmel: band-limited to 2 kHz, 4 s, shorter with silence behind, longer its first",
  input: "decibels / 40 + 1, from -1 to 1",
};

/** Everything that decides the input, as text. */
export const BASELINE_INPUT_TEXT = logmelText(STEPS);

/**
 * From a stored map to the network's input: decibels of -80 to 0 become -1 to 1.
 * @param bytes [bands, frames] as `byteOfDecibel` makes them
 */
export function writeBaselineInput(bytes: Uint8Array, out: Float32Array, offset = 0): void {
  for (let i = 0; i < bytes.length; i++) out[offset + i] = INPUT_OF_BYTE[bytes[i]!]!;
}

/** From a clip to the network's input, with the map that would be stored of it; a clip below a millisecond is filled up with silence. */
export function baselineTestPath(): TestPath {
  return logmelTestPath({ recipe: "baseline", steps: STEPS, write: writeBaselineInput });
}
