import type { Precision } from "../listening/results.js";
import { part, say } from "./elements.js";
import { begin } from "./files.js";
import { announcer } from "./saying.js";
import { showList, viewer } from "./showing.js";
import { state } from "./state.js";
import { ask } from "./workers.js";

/** Answers all files anew with the other network, the one that is looked at first; a microphone that listens goes on with it. */
export function usePrecision(next: Precision): void {
  const { items, shown, recording } = state;
  if (next === state.precision) return;
  state.precision = next;
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=precision]"))
    radio.checked = radio.value === next;
  if (recording?.item) {
    recording.item.precision = next;
    ask({ type: "precision", id: recording.item.job, precision: next });
  }
  const files = items.filter(({ source, problem: why }) => source === "file" && !why);
  for (const item of [...files].sort((a, b) => Number(b === shown) - Number(a === shown))) {
    if (item.answers.get(next)?.isComplete) {
      if (item.state !== "done") ask({ type: "drop", id: item.job });
      Object.assign(item, { precision: next, state: "done" });
      delete item.chosen;
    } else begin(item);
  }
  announcer.tell(`${next}`, performance.now());
  showList();
  viewer.refresh();
}

/** The other one, where the model has it. */
export function switchPrecision(): void {
  const other = state.precision === "int8" ? "float32" : "int8";
  if (state.model?.precisions.some((one) => one.precision === other)) usePrecision(other);
}

/** Files are answered anew; a microphone that listens goes on as it began. */
export function useHop(next: number): void {
  state.hopSeconds = next;
  for (const item of state.items) {
    if (item.source !== "file" || item.problem) continue;
    item.answers.clear();
    begin(item);
  }
  showList();
  viewer.refresh();
}

/** Has both timed on made-up sound. */
export function measure(): void {
  const button = part<HTMLButtonElement>("measure");
  if (button.disabled || !state.model) return;
  button.disabled = true;
  say(button, "Measures ...");
  ask({ type: "measure" });
}

export function measured(): void {
  const button = part<HTMLButtonElement>("measure");
  button.disabled = false;
  say(button, "Measure both");
  const of = (one: Precision) => `${one}: ${part(`speed-${one}`).textContent}`;
  announcer.urgent(`Time of answers for a second of sound. ${of("float32")}. ${of("int8")}.`, performance.now());
}

/** @param ms that answers take for a second of sound */
export function showSpeed(precision: Precision, ms: number): void {
  say(part(`speed-${precision}`), speedText(ms));
}

function speedText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s, too slow`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
