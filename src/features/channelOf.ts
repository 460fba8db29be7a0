import type { FeatureMap } from "./frontEnd.js";

/**
 * One channel of a map as a map of its own, [rows, frames]; the map itself where it has only one.
 * @param channel from 0
 * @throws RangeError for a channel that is not there
 */
export function channelOf(map: FeatureMap, channel: number): FeatureMap {
  const { data, rows, frames, channels = 1 } = map;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    throw new RangeError(`channelOf: there is no channel ${channel} in a map of ${channels}`);
  }
  if (channels === 1) return map;
  return { data: Float32Array.from({ length: rows * frames }, (_, i) => data[i * channels + channel]!), rows, frames };
}
