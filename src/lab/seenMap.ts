import type { CamMap } from "../explain/gradCam.js";
import { upsideDown } from "../explain/upsideDown.js";
import type { FeatureMap, FrontEnd } from "../features/frontEnd.js";
import type { HeatmapData } from "../figures/heatmap.js";

/** The front end whose maps are pictures, with the highest frequency in their first row; the others' begin with the lowest. */
const PICTURES = "mel-image";

/** A map whose first row is the lowest, of an input of this front end. */
export function upright(map: CamMap, { name }: FrontEnd): CamMap {
  return name === PICTURES ? upsideDown(map) : map;
}

/** A network's input as a figure draws it: the mean of its channels, the lowest row below, in time from the input's beginning. */
export function seenMap({ data, rows, frames, channels = 1 }: FeatureMap, frontEnd: FrontEnd): HeatmapData {
  const values = Float32Array.from({ length: rows * frames }, (_, cell) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += data[cell * channels + channel]!;
    return sum / channels;
  });
  const picture = frontEnd.name === PICTURES;
  return {
    ...upright({ values, rows, frames }, frontEnd),
    rowLabel: picture ? "row of the picture, from below" : "row of the input",
    valueLabel: channels === 1 ? "the model's input" : `mean of ${channels} channels`,
    thinBy: "mean" as const,
    hopSeconds: hopSecondsOf(frontEnd),
  };
}

/** From what a minute more gives in frames. */
function hopSecondsOf(frontEnd: FrontEnd): number {
  const minute = 60 * frontEnd.sampleRateHz;
  return 60 / (frontEnd.frames(2 * minute) - frontEnd.frames(minute));
}
