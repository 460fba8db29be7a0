import { centreCropOrPad } from "../../augment/cropOrPad.js";
import { windowsOf } from "../../datasets/sprsound/windows.js";
import type { Json } from "../../features/canonicalJson.js";
import type { FrontEnd } from "../../features/frontEnd.js";
import type { TestPath } from "../../papers/testPath.js";

/** What stands in an input where its clip is too short for it. */
export type Filling = "repeats" | "reflections" | "silence" | "zeros";

/** Where a model's input lies in the time of its clip, in seconds from the clip's beginning. */
export interface InputPlace {
  /** Of the whole input, filling included; below 0 where it begins before the clip. */
  startSeconds: number;
  endSeconds: number;
  /** What of the clip is in it; the rest of the input is filling. */
  soundStartSeconds: number;
  soundEndSeconds: number;
  filling: Filling;
}

/** How recipes say what they do to a clip's length. */
interface Steps {
  length?: { seconds?: number; samples?: number; longer?: string; shorter?: string };
  /** Of a map that is cut, or put between zeros, once it was made. */
  frames?: number;
  longer?: string;
  windows?: { seconds: number; stepSeconds: number };
  map?: string;
  speed?: Json;
}

const FILLINGS: Readonly<Record<string, Filling>> = {
  ...{ tile: "repeats", reflect: "reflections", "zero-end": "silence" },
};
/** Of `icbhi-logmel`, whose maps several recipes take. */
const LOGMEL = { text: "icbhi-logmel: ", seconds: 4 };

/**
 * The places of a clip's inputs, in the order in which its recipe makes them; undefined for a recipe whose steps say nothing that is known
 * here.
 *
 * @param frames of one input
 * @param clipSeconds of the clip, of more than a minute the part that stands for it
 */
export function placesOf(
  { frontEnd, steps }: Pick<TestPath, "frontEnd" | "steps">,
  frames: number,
  clipSeconds: number,
): InputPlace[] | undefined {
  const { length, windows, map, speed, ...given } = steps as Steps;
  const hopSeconds = hopSecondsOf(frontEnd);
  // The first frame's window lies around the first sample, so its cell begins half a hop before it.
  const place = (start: number, soundStart: number, soundEnd: number, filling: Filling): InputPlace => ({
    startSeconds: start - hopSeconds / 2,
    endSeconds: start + (frames - 0.5) * hopSeconds,
    ...{ soundStartSeconds: soundStart, soundEndSeconds: soundEnd, filling },
  });
  const cut = (start: number, seconds: number, filling: Filling) =>
    place(start, start, Math.min(clipSeconds, start + seconds), filling);
  if (speed !== undefined) return undefined;
  if (given.frames !== undefined && given.longer === "centre") {
    const pieces = windows
      ? windowsOf(clipSeconds, { windowSeconds: windows.seconds, stepSeconds: windows.stepSeconds })
      : [wholeOf(clipSeconds)];
    return pieces.map(({ startSeconds, endSeconds }) => {
      const made = frontEnd.frames(Math.round((endSeconds - startSeconds) * frontEnd.sampleRateHz));
      const start = startSeconds + centreCropOrPad(made, frames).offset * hopSeconds;
      const end = Math.min(endSeconds, start + frames * hopSeconds);
      return place(start, Math.max(start, startSeconds), end, "zeros");
    });
  }
  if (map?.startsWith(LOGMEL.text)) return [cut(0, LOGMEL.seconds, "silence")];
  const seconds = length?.seconds ?? (length?.samples ?? Number.NaN) / frontEnd.sampleRateHz;
  const filling = FILLINGS[length?.shorter ?? ""];
  if (!length?.longer || !filling || !(seconds > 0)) return undefined;
  if (clipSeconds <= seconds || length.longer === "first") return [cut(0, seconds, filling)];
  if (length.longer === "last") return [cut(clipSeconds - seconds, seconds, filling)];
  if (!length.longer.startsWith("split")) return undefined;
  // Half a length apart, and what follows the last whole one's first half (`align`).
  const hop = seconds / 2;
  const whole = Math.floor((clipSeconds - seconds) / hop + 1e-9) + 1;
  const count = clipSeconds - whole * hop > 1e-9 ? whole + 1 : whole;
  return Array.from({ length: count }, (_, i) => cut(i * hop, seconds, filling));
}

function wholeOf(seconds: number): { startSeconds: number; endSeconds: number } {
  return { startSeconds: 0, endSeconds: seconds };
}

/** From what a minute more gives in frames. */
function hopSecondsOf({ frames, sampleRateHz }: FrontEnd): number {
  const minute = 60 * sampleRateHz;
  return 60 / (frames(2 * minute) - frames(minute));
}
