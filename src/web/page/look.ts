import type { FeatureMap } from "../../features/frontEnd.js";
import type { Seen } from "../../inference/answer.js";
import { type InputPlace, placesOf } from "../listening/inputPlace.js";
import type { StretchResult } from "../listening/results.js";
import { rowBordersHz } from "../listening/rowFrequencies.js";
import type { SeenPart } from "../listening/seenPart.js";
import type { PageNetwork } from "./loadedModel.js";

/** What a stretch is read from. */
export interface Sound {
  sampleRateHz: number;
  /** Samples from `first` to before `end`. */
  read(first: number, end: number): Promise<Float32Array>;
}

/**
 * Classifies a stretch of a sound once more, and tells what the network looked at.
 * @throws UserError as `classify` does; Error where the network does not tell
 */
export async function look(
  sound: Sound,
  { startSeconds, endSeconds }: Pick<StretchResult, "startSeconds" | "endSeconds">,
  network: PageNetwork,
): Promise<{ kind: Seen["kind"]; parts: SeenPart[] }> {
  const { sampleRateHz } = sound;
  const clip = await sound.read(Math.round(startSeconds * sampleRateHz), Math.round(endSeconds * sampleRateHz));
  const { maps } = await network.classify(clip, sampleRateHz, { seen: true });
  const seconds = clip.length / sampleRateHz;
  const { path, inputShape } = network;
  const places = placesOf(path, inputShape[1]!, seconds);
  // What is drawn beneath a map that cannot lie on the spectrogram.
  const bordersOf = ({ rows }: Seen) => rowBordersHz(path.frontEnd, inputShape[0]!, rows);
  const first = maps[0]?.seen;
  const inputs = first && first.rows > 1 && !bordersOf(first) ? path.maps(clip, sampleRateHz) : [];
  const parts = maps.map(({ seen }, i): SeenPart => {
    if (!seen) throw new Error("the network does not tell what it looked at");
    const bordersHz = bordersOf(seen);
    const { rows, frames, values } = seen;
    return {
      ...{ rows, frames, values, isPlaced: places !== undefined },
      place: moved(places?.[i] ?? all(seconds), startSeconds),
      ...(bordersHz && { bordersHz }),
      ...(inputs[i] && { input: oneChannel(inputs[i], path.frontEnd.name === "mel-image") }),
    };
  });
  return { kind: first!.kind, parts };
}

function all(seconds: number): InputPlace {
  return {
    ...{ startSeconds: 0, endSeconds: seconds, soundStartSeconds: 0, soundEndSeconds: seconds },
    filling: "silence",
  };
}

function moved(place: InputPlace, by: number): InputPlace {
  return {
    startSeconds: place.startSeconds + by,
    endSeconds: place.endSeconds + by,
    soundStartSeconds: place.soundStartSeconds + by,
    soundEndSeconds: place.soundEndSeconds + by,
    filling: place.filling,
  };
}

/** The mean of an input's channels, from 0, its least, to 1, its greatest, the lowest row first. */
function oneChannel(
  { data, rows, frames, channels = 1 }: FeatureMap,
  upsideDown: boolean,
): NonNullable<SeenPart["input"]> {
  const values = new Float32Array(rows * frames);
  for (let row = 0; row < rows; row++) {
    const from = upsideDown ? rows - 1 - row : row;
    for (let frame = 0; frame < frames; frame++) {
      const at = (from * frames + frame) * channels;
      for (let channel = 0; channel < channels; channel++)
        values[row * frames + frame]! += data[at + channel]! / channels;
    }
  }
  const sorted = values.slice().sort();
  // One knock is louder than all breaths.
  const [low, high] = [sorted[Math.floor(0.02 * sorted.length)]!, sorted[Math.floor(0.998 * (sorted.length - 1))]!];
  const range = Math.max(high - low, 1e-9);
  return { rows, frames, values: values.map((value) => Math.max(0, Math.min(1, (value - low) / range))) };
}
