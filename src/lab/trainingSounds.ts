import type { IcbhiRecording } from "../datasets/icbhi/recording.js";
import type { SprSoundRecording } from "../datasets/sprsound/load.js";
import { median } from "../evaluation/median.js";
import { cutPiece } from "../features/store/clipBuilder.js";
import { readWavFile } from "../node/wavFile.js";
import type { DataSets } from "./recordings.js";

/** A labelled stretch of a recording: a breathing cycle of ICBHI or an event of SPRSound. */
export interface LabelledSound {
  /** Of the recording. */
  name: string;
  file: string;
  label: string;
  startSeconds: number;
  endSeconds: number;
}

/** A stretch of a recording with its mark, times counted from the stretch's beginning. */
export interface Excerpt {
  /** [samples] */
  samples: Float32Array;
  sampleRateHz: number;
  events: { label: string; startSeconds: number; endSeconds: number }[];
}

/**
 * The cycles and events of the training sides (ICBHI's official split, SPRSound's train2022) whose audio is at hand, so that looking
 * around opens no test set. In the order of the data sets.
 */
export function trainingSounds({ icbhi, sprsound }: Pick<DataSets, "icbhi" | "sprsound">): {
  icbhi: LabelledSound[];
  sprsound: LabelledSound[];
} {
  return {
    icbhi: (icbhi?.recordings ?? []).filter((one) => one.officialSide === "train").flatMap(cyclesOf),
    sprsound: (sprsound?.recordings ?? []).filter(({ set }) => set === "train2022").flatMap(eventsOf),
  };
}

function cyclesOf({ name, file, cycles }: IcbhiRecording): LabelledSound[] {
  if (file === undefined) return [];
  return cycles.map(({ label, startSeconds, endSeconds }) => ({ name, file, label, startSeconds, endSeconds }));
}

function eventsOf({ name, file, events }: SprSoundRecording): LabelledSound[] {
  return events.map(({ type, startSeconds, endSeconds }) => ({ name, file, label: type, startSeconds, endSeconds }));
}

/** Of the sounds with a label, the `count` whose length is nearest to the label's median length; fewer where there are fewer. */
export function typicalSounds(sounds: readonly LabelledSound[], label: string, count = 1): LabelledSound[] {
  const own = sounds.filter((sound) => sound.label === label);
  const seconds = ({ startSeconds, endSeconds }: LabelledSound) => endSeconds - startSeconds;
  const middle = median(own.map(seconds));
  const distance = (sound: LabelledSound) => Math.abs(seconds(sound) - middle);
  return own.sort((a, b) => distance(a) - distance(b)).slice(0, count);
}

/**
 * A sound out of its recording, with what comes before and after it as far as the recording goes.
 * Throws UserError for a file that cannot be read and for a stretch beyond the recording.
 */
export function excerptOf({ file, label, startSeconds, endSeconds }: LabelledSound, contextSeconds = 0): Excerpt {
  const { samples, sampleRateHz, frames } = readWavFile(file);
  const from = Math.max(0, startSeconds - contextSeconds);
  const to = Math.min(frames / sampleRateHz, endSeconds + contextSeconds);
  return {
    samples: cutPiece({ samples, sampleRateHz }, { startSeconds: from, endSeconds: to }),
    sampleRateHz,
    events: [{ label, startSeconds: startSeconds - from, endSeconds: Math.min(endSeconds, to) - from }],
  };
}
