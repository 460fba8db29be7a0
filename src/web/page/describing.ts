import { clockText } from "../listening/ticks.js";
import { make, part, say } from "./elements.js";
import type { Item } from "./item.js";
import type { Scene } from "./scene.js";

/** The line and the notes beneath a recording's name. */
export function describeItem(item: Item): void {
  const about = part("about");
  about.classList.toggle("bad", item.state === "failed");
  const length = item.seconds > 0 ? clockText(item.seconds, item.seconds < 60 ? 2 : 0) : "";
  say(
    about,
    item.problem ??
      [length, item.form, item.annotation ? `with ${item.annotation.name}` : ""].filter(Boolean).join(" \u00b7 "),
  );
  const notes = part("notes");
  if (notes.dataset.shown === JSON.stringify(item.notes)) return;
  notes.dataset.shown = JSON.stringify(item.notes);
  notes.replaceChildren(...item.notes.map((note) => make("li", {}, note)));
}

/** What pictures are called by who does not see them: where the numbers are, and how much is shown. */
export function namePictures({ view, seconds }: Item, { cycles, marks }: Scene): void {
  const range = `${clockText(view.fromSeconds, 1)} to ${clockText(Math.min(seconds, view.toSeconds), 1)}`;
  const set = (id: string, text: string) => part(id).setAttribute("aria-label", text);
  set("wave", `Waveform, ${range}`);
  set("spectrum", `Spectrogram from 0 to 2 kHz, ${range}`);
  set("lanes", `Cycles: ${marks.length > 0 ? `${marks.length} marked, ` : ""}${cycles.length} answered; see the table`);
  set("plot", `Probabilities over time, ${range}; see the table`);
}
