import type { SeenMap, SeenShares } from "./seenPart.js";

export interface SeenTextOptions {
  kind: "grad-cam++" | "attention";
  maps: readonly SeenMap[];
  shares: SeenShares;
  /** What is explained, such as "Crackle". */
  output: string;
  /** Of the stretch, such as "cycle". */
  unit: string;
  /** Length of the stretch. */
  seconds: number;
  /** Where the page's spectrogram ends. */
  topHz: number;
}

/** What must be said beside a picture of what the model looked at, sentence by sentence. */
export function seenText({ kind, maps, shares, output, unit, seconds, topHz }: SeenTextOptions): string[] {
  const { isPlaced, place, rows, bordersHz } = maps[0]!;
  if (shares.isEmpty) return [`Nothing here speaks for ${output}: its map is zero all over.`];
  const isOwn = rows > 1 && !bordersHz;
  const end = Math.max(...maps.map((map) => map.place.soundEndSeconds));
  const start = Math.min(...maps.map((map) => map.place.soundStartSeconds));
  const left = seconds - (end - start);
  const input = place.endSeconds - place.startSeconds;
  const filled = maps.some((map) => map.place.soundEndSeconds < map.place.endSeconds - 0.1);
  return [
    kind === "attention"
      ? "By the network's own attention over time, which is one for all labels. It says where the network took its numbers from, not what for."
      : `By Grad-CAM++: what speaks for ${output}, whether it is the answer or not. Each label's map is scaled by itself, so maps of two labels cannot be compared in strength.`,
    ...(isOwn
      ? [
          "The rows of this model's input are no single frequencies, so the map lies over the input in a picture of its own, below the spectrogram: same time, the input's first row at the bottom.",
        ]
      : []),
    ...(!isPlaced ? ["Where the input lies in time is not known: it is drawn over the whole stretch."] : []),
    ...(isPlaced && left > 0.1
      ? [`The model takes ${lengthText(end - start)} of these ${lengthText(seconds)}; the rest it does not see.`]
      : []),
    ...(isPlaced && filled ? [fillingText(place.filling, input, unit, maps.length > 1, shares.filling)] : []),
    ...(shares.above >= 0.005
      ? [`${percent(shares.above)} of the map lies above ${topHz / 1000} kHz, where this spectrogram ends.`]
      : []),
    "A map is coarse, and no proof of a cause.",
  ];
}

function fillingText(
  filling: SeenMap["place"]["filling"],
  inputSeconds: number,
  unit: string,
  several: boolean,
  share: number,
): string {
  const what = several ? "The last input" : `The model's input of ${lengthText(inputSeconds)}`;
  const how = {
    repeats: `repeats this ${unit} until it is full; only the first pass is drawn`,
    reflections: `is filled up with this ${unit} backwards and forwards; only the first pass is drawn`,
    zeros: "is filled up with zeros, the mean of its map, which are not drawn",
    silence: `is filled up with silence, which is not drawn`,
  }[filling];
  return `${what} ${how}. ${percent(share)} of the map lies in what is not drawn.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}

function lengthText(seconds: number): string {
  return `${Number(seconds.toFixed(1))}\u00a0s`;
}
