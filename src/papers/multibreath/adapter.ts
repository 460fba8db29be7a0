import { DECIBELS } from "../../datasets/icbhiLogmel/format.js";
import { canonicalJson } from "../../features/canonicalJson.js";
import { type Standard, standardise } from "../../features/normalise.js";
import { logmelTestPath, logmelText, STORED_MAP } from "../logmelTestPath.js";
import type { TestPath } from "../testPath.js";

/** `[rows, frames, channels]` of the network's input. */
export const ADAPTED_INPUT = STORED_MAP;

const STEPS = {
  map: "icbhi-logmel: band-limited to 2 kHz, 4 s, shorter with silence behind, longer its first",
  scale: "decibels at the training set's mean and deviation",
};

/** Multi-breath's input from the stored maps of all cycles: where the audio of most recordings is not at hand. */
export const LOGMEL_ADAPTER = {
  name: "multibreath-logmel",
  /** Everything that decides the input but the standard, as text. */
  text: logmelText(STEPS),
  standsFor:
    "backbones, heads, targets, splits and masks on all 6,898 cycles of ICBHI: 90 mel bands up to 2 kHz in decibels, in 173 frames of 23.2 ms",
  doesNotStandFor:
    "the paper's input: 90 bands instead of 64, 4 s with silence behind instead of 8.16 s of the cycle repeated, 23.2 ms a frame instead of 32; the learnable front end, which takes samples",
} as const;

/**
 * From a stored map to the network's input.
 *
 * @param bytes [90, 173] as `byteOfDecibel` makes them
 * @param out receives as many values from `offset`
 */
export function writeAdaptedInput(bytes: Uint8Array, standard: Standard, out: Float32Array, offset = 0): void {
  const map = out.subarray(offset, offset + bytes.length);
  for (let i = 0; i < bytes.length; i++) map[i] = DECIBELS[bytes[i]!]!;
  standardise(map, standard);
}

/** From a clip to the network's input, with the map that would be stored of it. */
export function adaptedTestPath(standard: Standard = { mean: [0], deviation: [1] }): TestPath {
  return logmelTestPath({
    recipe: LOGMEL_ADAPTER.name,
    steps: STEPS,
    write: (bytes, out, offset) => writeAdaptedInput(bytes, standard, out, offset),
    digest: canonicalJson({ adapter: LOGMEL_ADAPTER.text, standard }),
    parameters: { standard },
  });
}
