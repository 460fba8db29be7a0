import { DECIBELS } from "../../datasets/icbhiLogmel/format.js";
import { zScore } from "../../features/normalise.js";
import { logmelTestPath, logmelText, STORED_MAP } from "../logmelTestPath.js";
import type { TestPath } from "../testPath.js";

/** `[rows, frames, channels]` of the network's input. */
export const ADAPTED_INPUT = STORED_MAP;

const STEPS = {
  map: "icbhi-logmel: band-limited to 2 kHz, 4 s, shorter with silence behind, longer its first",
  scale: "z-score over the map",
};

/** The network's input from the stored maps of all cycles: where the audio of most recordings is not at hand. */
export const LOGMEL_ADAPTER = {
  name: "glancegaze-logmel",
  /** Everything that decides the input, as text. */
  text: logmelText(STEPS),
  standsFor:
    "the network, its ablations, the baselines and the three splits on all 6,898 cycles of ICBHI: 90 mel bands up to 2 kHz in decibels, in 173 frames of 23.2 ms",
  doesNotStandFor:
    "the paper's input: 90 bands up to 2 kHz instead of 128 up to 11 kHz, 4 s with silence behind instead of 8 s of the cycle repeated; the copies at other speeds, which take samples; the control experiment on spectra",
} as const;

/**
 * From a stored map to the network's input.
 *
 * @param bytes [90, 173] as `byteOfDecibel` makes them
 * @param out receives as many values from `offset`
 */
export function writeAdaptedInput(bytes: Uint8Array, out: Float32Array, offset = 0): void {
  const map = out.subarray(offset, offset + bytes.length);
  for (let i = 0; i < bytes.length; i++) map[i] = DECIBELS[bytes[i]!]!;
  zScore(map);
}

/** From a clip to the network's input, with the map that would be stored of it. */
export function adaptedTestPath(): TestPath {
  return logmelTestPath({ recipe: LOGMEL_ADAPTER.name, steps: STEPS, write: writeAdaptedInput });
}
