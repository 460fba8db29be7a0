import { clockText } from "../listening/ticks.js";
import { make, part, say } from "./elements.js";
import { answeredSeconds, type Item } from "./item.js";
import { state } from "./state.js";

/** Answers that are behind by less are as they should be: a window is due every hop, and is not answered in no time. */
const LEAST_BEHIND_SECONDS = 1.5;

/** The button, and what is said while a microphone listens. */
export function showRecording(on: boolean): void {
  part("record").classList.toggle("on", on);
  say(part("record-text"), on ? "Stop" : "Record");
  part("live").hidden = !on;
  part("live-text").replaceChildren();
}

/** @param level the greatest absolute value of the newest sound, 0 to 1 */
export function showLevel(level: number): void {
  const db = Math.max(-60, 20 * Math.log10(Math.max(level, 1e-4)));
  part<HTMLMeterElement>("level").value = db;
}

/** How much was heard, and by how much answers are late. */
export function showLive(item: Item): void {
  if (state.recording?.item !== item) return;
  const { seconds, hopSeconds, dropped } = item;
  // While an answer takes long its worker says nothing; what was heard comes from another one.
  const behindSeconds = Math.max(item.behindSeconds, seconds - answeredSeconds(item) - hopSeconds);
  const parts: (Node | string)[] = [`${clockText(seconds, 1)} heard`];
  if (behindSeconds >= LEAST_BEHIND_SECONDS)
    parts.push(" \u00b7 ", make("span", { class: "behind" }, `behind by ${Math.round(behindSeconds)} s`));
  if (dropped > 0) parts.push(" \u00b7 ", make("span", { class: "behind" }, `${dropped} answers left out`));
  part("live-text").replaceChildren(...parts);
}
