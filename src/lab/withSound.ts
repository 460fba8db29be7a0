import type { Figure } from "../figures/figure.js";
import { type LookOptions, lookAndListenForms, type Sound } from "./lookAndListen.js";

/** Figures of a sound as static pictures, beneath them the whole sound with its waveform, spectrogram and player; by MIME type. */
export function withSound(
  figures: readonly Figure[],
  words: string,
  clip: Pick<Sound, "samples" | "sampleRateHz">,
  { maximumHz }: Pick<LookOptions, "maximumHz">,
): Record<string, string> {
  const svgs = figures.map((figure) => figure.svg());
  const listen = lookAndListenForms(clip, maximumHz === undefined ? {} : { maximumHz });
  const pictures = svgs.map((svg) => svg.replace("<svg ", '<svg style="display:block;width:100%;height:auto" '));
  const html = `<div style="max-width:60em">${pictures.join("")}${listen["text/html"]}</div>`;
  return { "text/html": html, "image/svg+xml": svgs[0]!, "text/plain": words };
}
