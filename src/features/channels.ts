import { type FeatureMap, type FrontEnd, mapValues } from "./frontEnd.js";

/**
 * Several maps of the same clip as the channels of one.
 *
 * @param fronts of one rate, one number of rows and, for each clip, one number of frames
 * @param finish changes each map, [rows, frames], in place, and has a name for the digest
 * @throws RangeError for fronts that do not fit together
 */
export function channels(
  fronts: readonly FrontEnd[],
  finish?: { name: string; apply: (map: FeatureMap) => void },
): FrontEnd {
  const [first] = fronts;
  if (!first) throw new RangeError("channels: at least one front end is needed");
  const { sampleRateHz, rows } = first;
  for (const front of fronts) {
    if (front.sampleRateHz !== sampleRateHz || front.rows !== rows || (front.channels ?? 1) !== 1) {
      throw new RangeError(
        `channels: ${front.name} has ${front.rows} rows at ${front.sampleRateHz} Hz; expected ${rows} at ${sampleRateHz} Hz, one channel`,
      );
    }
  }
  const count = fronts.length;
  let scratch = new Float32Array(0);
  return {
    name: "channels",
    options: {
      channels: fronts.map(({ name, options }) => ({ name, options })),
      finish: finish?.name ?? null,
    },
    sampleRateHz,
    rows,
    channels: count,
    frames: (sampleCount) => first.frames(sampleCount),
    compute(samples, out) {
      const frames = first.frames(samples.length);
      const data = mapValues(rows * frames * count, out);
      if (scratch.length !== rows * frames) scratch = new Float32Array(rows * frames);
      fronts.forEach((front, channel) => {
        if (front.frames(samples.length) !== frames) {
          throw new RangeError(`channels: ${front.name} and ${first.name} do not have the same number of frames`);
        }
        const map = front.compute(samples, scratch);
        finish?.apply(map);
        for (let i = 0, to = channel; i < map.data.length; i++, to += count) data[to] = map.data[i]!;
      });
      return { data, rows, frames, channels: count };
    },
  };
}
