import type { FeatureMap, FrontEnd } from "./frontEnd.js";

/**
 * Several maps of the same clip as the channels of one.
 *
 * @param fronts of one rate and one number of rows; that their frames agree is checked with each clip
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
    compute(samples) {
      const frames = first.frames(samples.length);
      const data = new Float32Array(rows * frames * count);
      fronts.forEach((front, channel) => {
        const map = front.compute(samples);
        if (map.frames !== frames) {
          throw new RangeError(`channels: ${front.name} has ${map.frames} frames, ${first.name} ${frames}`);
        }
        finish?.apply(map);
        for (let i = 0, to = channel; i < map.data.length; i++, to += count) data[to] = map.data[i]!;
      });
      return { data, rows, frames, channels: count };
    },
  };
}
