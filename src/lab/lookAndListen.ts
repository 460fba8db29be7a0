import { encodeWav } from "../audio/encodeWav.js";
import { resample } from "../audio/resample.js";
import type { EventMark } from "../figures/eventLanes.js";
import { placeOf, recording } from "../figures/recording.js";
import { cssVariables, type FigureOptions } from "../figures/theme.js";
import { waveform } from "../figures/waveform.js";
import type { WindowTrack } from "../figures/windowTracks.js";
import { escapeHtml, newSlot, type Slot, show } from "./display.js";
import { spectrogram } from "./spectrogram.js";

/** A sound to be shown, with what is marked in it. */
export interface Sound {
  /** [samples], full scale is -1 to 1. */
  samples: Float32Array;
  sampleRateHz: number;
  events?: readonly EventMark[];
  /** What windows of it were called. */
  tracks?: readonly WindowTrack[];
}

export interface LookOptions extends Pick<FigureOptions, "title" | "note"> {
  /** The spectrogram's upper end; 2,000 Hz unless told: what is breath and lung lies below. */
  maximumHz?: number;
}

/**
 * Shows a recording in one output: waveform and spectrogram over one time axis, events marked and named, and a player
 * beneath whose place moves as a line through the picture; a click into the picture plays from there. Where no scripts
 * run, the picture and the player stay; where there is no HTML, the static picture.
 */
export function lookAndListen(sound: Sound, options: LookOptions = {}, slot?: Slot): void {
  show(lookAndListenForms(sound, options), slot);
}

/** What `lookAndListen` shows, by MIME type. */
export function lookAndListenForms(sound: Sound, options: LookOptions = {}): Record<string, string> {
  const { sampleRateHz } = sound;
  const words = [options.title, options.note].filter(Boolean).join(": ") || "a recording";
  if (sound.samples.length === 0)
    return { "image/svg+xml": waveform(sound, options).svg(), "text/plain": `${words}: no samples` };
  const samples = sound.samples.map((sample) => (Number.isFinite(sample) ? sample : 0));
  const map = spectrogram(samples, sampleRateHz, options.maximumHz ?? 2000);
  const figure = recording({ ...sound, samples, spectrogram: map }, options);
  const still = figure.svg();
  const played = forPlaying(samples, sampleRateHz);
  const source = `data:audio/wav;base64,${Buffer.from(played.wav).toString("base64")}`;
  const { wave, map: place, tracks, width } = placeOf(sound, options);
  const id = newSlot().id;
  // The ends are set by the script: without one there is no line.
  const cursor = `<line class="auscult-now" y1="${wave.top}" y2="${sound.tracks ? tracks.bottom : place.bottom}" stroke="${CURSOR}" stroke-width="1.5" visibility="hidden"/>`;
  const picture = figure
    .svg("page")
    .replace("<svg ", '<svg style="display:block;width:100%;height:auto;cursor:pointer" ')
    .replace(/<\/svg>$/, `${cursor}</svg>`);
  const html =
    `<figure id="${id}" style="margin:.4em 0;max-width:60em;${PAGE_COLOURS}">${picture}` +
    `<audio controls preload="metadata" style="display:block;width:100%;margin-top:.3em" src="${source}"></audio>` +
    `<figcaption style="font-size:85%;opacity:.8;margin:.2em 0">${escapeHtml(played.says)}</figcaption>` +
    `<script>${cursorScript(id, place.left / width, place.right / width)}</script></figure>`;
  return { "text/html": html, "image/svg+xml": still, "text/plain": words };
}

/** Vermilion: seen on the map's blues and yellows, and on both papers. */
const CURSOR = "#ff5b2e";

/** JupyterLab's own colours, which follow its theme; elsewhere those of the text around. */
const PAGE_COLOURS =
  `${cssVariables("clear")} --ink: var(--jp-content-font-color1, currentColor);` +
  " --muted: var(--jp-content-font-color2, currentColor); --paper: none";

/** Largest WAV file within an output: with the pictures it stays below a megabyte. */
const LARGEST_WAV_BYTES = 480_000;

/** As loud as it can be without clipping, at the highest rate whose file is small enough; `says` names what was changed. */
function forPlaying(samples: Float32Array, sampleRateHz: number): { wav: Uint8Array; says: string } {
  const fits = (rateHz: number) => 2 * rateHz * (samples.length / sampleRateHz) <= LARGEST_WAV_BYTES;
  const lower = [16_000, 8000, 4000].filter((rateHz) => rateHz < sampleRateHz);
  const rateHz = fits(sampleRateHz) ? sampleRateHz : (lower.find(fits) ?? lower[lower.length - 1] ?? sampleRateHz);
  const sound = resample(samples, sampleRateHz, rateHz, "fast");
  const peak = sound.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const gainDb = peak > 0 ? Math.min(40, Math.floor(20 * Math.log10(0.98 / peak))) : 0;
  const gain = 10 ** (gainDb / 20);
  const louder = gainDb === 0 ? "as loud as recorded" : `${Math.abs(gainDb)} dB ${gainDb > 0 ? "louder" : "softer"}`;
  const rate = rateHz === sampleRateHz ? "" : `, at ${rateHz} Hz instead of ${sampleRateHz} Hz`;
  const says = `Played ${louder}${rate}. Click into the picture to hear from there.`;
  return { wav: encodeWav(sound.map((sample) => sample * gain), rateHz), says }; // biome-ignore format: one line
}

/** Moves the line with the sound, and the sound to where one clicks. `left`, `right`: the axis as shares of the width. */
function cursorScript(id: string, left: number, right: number): string {
  return `(() => {
  const figure = document.getElementById(${JSON.stringify(id)});
  if (!figure) return;
  const [picture, sound, line] = ["svg", "audio", ".auscult-now"].map((name) => figure.querySelector(name));
  const left = ${left.toFixed(5)}, right = ${right.toFixed(5)};
  const move = () => {
    const share = sound.duration ? sound.currentTime / sound.duration : 0;
    const x = 100 * (left + share * (right - left)) + "%";
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    line.setAttribute("visibility", "visible");
    if (!sound.paused && !sound.ended) requestAnimationFrame(move);
  };
  for (const name of ["play", "seeked", "pause"]) sound.addEventListener(name, move);
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width - left) / (right - left);
    if (!(share >= 0 && share <= 1) || !sound.duration) return;
    sound.currentTime = share * sound.duration;
    sound.play();
  });
})();`;
}
