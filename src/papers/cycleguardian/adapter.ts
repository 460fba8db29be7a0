import { resamplerName } from "../../audio/resample.js";
import { BANDS, DECIBELS, FRAMES } from "../../datasets/icbhiLogmel/format.js";
import { clipMap, logmelFrontEnd, RECIPE_TEXT } from "../../datasets/icbhiLogmel/recipe.js";
import { canonicalJson } from "../../features/canonicalJson.js";
import { zScoreRows } from "../../features/normalise.js";
import { requireClip, type TestPath } from "../testPath.js";

const ROWS = 84;
const CHANNELS = 3;
/** `[rows, frames, channels]` of the network's input. */
export const ADAPTED_INPUT: readonly [number, number, number] = [ROWS, FRAMES, CHANNELS];

const STEPS = {
  map: "icbhi-logmel: band-limited to 2 kHz, 4 s, shorter with silence behind, longer its first",
  rows: `the lowest ${ROWS} of ${BANDS}`,
  scale: "decibels, z-score by row, deviation by count - 1, plus 1e-6",
  channels: `the same map ${CHANNELS} times`,
};

/** CycleGuardian's input from the stored maps of all cycles: where the audio of most recordings is not at hand. */
export const LOGMEL_ADAPTER = {
  name: "cycleguardian-logmel",
  /** Everything that decides the input, as text. */
  text: canonicalJson({ maps: RECIPE_TEXT, steps: STEPS }),
  standsFor:
    "models, losses, group-frame sweep, folds and devices on all 6,898 cycles of ICBHI: 84 mel bands in decibels, each row at mean 0 and deviation 1, in 173 frames of 23.2 ms",
  doesNotStandFor:
    "the paper's input: it is one kind of spectrogram three times instead of mel, gammatone and constant-Q, its bands end at 1.8 kHz instead of 3 kHz or 4 kHz, its cycles are 4 s with silence behind instead of 8 s of themselves; nothing that changes or pads waveforms can be run on it",
} as const;

/**
 * From a stored map to the network's input.
 *
 * @param bytes [90, 173] as `byteOfDecibel` makes them; only the lowest 84 rows are looked at
 * @param out receives [84, 173, 3] from `offset`
 */
export function writeAdaptedInput(bytes: Uint8Array, out: Float32Array, offset = 0): void {
  const map = new Float32Array(ROWS * FRAMES);
  for (let i = 0; i < map.length; i++) map[i] = DECIBELS[bytes[i]!]!;
  zScoreRows(map, ROWS);
  for (let i = 0, to = offset; i < map.length; i++) for (let c = 0; c < CHANNELS; c++) out[to++] = map[i]!;
}

/** From a clip to the network's input, with the map that would be stored of it. */
export function adaptedTestPath(): TestPath {
  return {
    recipe: LOGMEL_ADAPTER.name,
    frontEnd: logmelFrontEnd,
    digest: LOGMEL_ADAPTER.text,
    resampler: resamplerName("high"),
    steps: STEPS,
    keeps: "start",
    maps(samples, sampleRateHz) {
      requireClip(LOGMEL_ADAPTER.name, samples);
      const data = new Float32Array(ROWS * FRAMES * CHANNELS);
      writeAdaptedInput(clipMap(samples, sampleRateHz), data);
      return [{ data, rows: ROWS, frames: FRAMES, channels: CHANNELS }];
    },
  };
}
