import { clusterMarks } from "../papers/cycleguardian/clusterMarks.js";
import type { LoadedModel } from "../papers/loadModel.js";
import { type Slot, show } from "./display.js";
import { type LookOptions, lookAndListenForms, type Sound } from "./lookAndListen.js";

export interface ClusterTimelineOptions extends LookOptions {
  /** Of the model's maps, from one frame to the next. */
  hopSeconds: number;
}

/**
 * Shows a cycle with the cluster of each of its groups of frames beneath the spectrogram, and plays it. Groups that begin after the
 * cycle's end see its repeats, or silence, and are left out.
 */
export function clusterTimeline(
  model: LoadedModel,
  sound: Pick<Sound, "samples" | "sampleRateHz">,
  options: ClusterTimelineOptions,
  slot?: Slot,
): void {
  show(clusterTimelineForms(model, sound, options), slot);
}

/** What `clusterTimeline` shows, by MIME type. */
export function clusterTimelineForms(
  { network, path }: LoadedModel,
  { samples, sampleRateHz }: Pick<Sound, "samples" | "sampleRateHz">,
  { hopSeconds, ...options }: ClusterTimelineOptions,
): Record<string, string> {
  const [map] = path.maps(samples, sampleRateHz);
  const seconds = samples.length / sampleRateHz;
  const windows = clusterMarks(network, map!.data, hopSeconds)
    .filter(({ startSeconds }) => startSeconds < seconds)
    .map(({ startSeconds, endSeconds, cluster }) => ({
      startSeconds,
      endSeconds: Math.min(endSeconds, seconds),
      label: `${cluster + 1}`,
    }));
  return lookAndListenForms({ samples, sampleRateHz, tracks: [{ name: "cluster", windows }] }, options);
}
