import type { Item } from "./item.js";
import { showLevel, showLive } from "./liveLine.js";
import type { FromMeter, ToMeter } from "./messages.js";
import { viewer } from "./showing.js";
import { state } from "./state.js";
import { askMeter } from "./workers.js";

/** By the number that the worker which measures knows them by. */
const measured = new Map<number, Item>();

/** Has what pictures show of a recording measured. */
export function measureFor(
  item: Item,
  message: Exclude<ToMeter, { type: "drop" }>,
  transfer: Transferable[] = [],
): void {
  measured.set(message.id, item);
  askMeter(message, transfer);
}

/** Gives up what is left of it. */
export function stopMeasuring(item: Item): void {
  for (const [id, of] of measured) {
    if (of !== item) continue;
    askMeter({ type: "drop", id });
    measured.delete(id);
  }
}

export function hearMeasured({ id, seconds, peaks, columns, level }: FromMeter): void {
  const item = measured.get(id);
  if (!item) return;
  item.peaks.append(peaks);
  item.columns.append(columns);
  if (item.source === "microphone") {
    item.seconds = seconds;
    showLevel(level);
    showLive(item);
  }
  if (item === state.shown) viewer.refresh(false);
}
