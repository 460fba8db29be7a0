import type { Item } from "./item.js";
import { RecordingList } from "./recordingList.js";
import { state } from "./state.js";
import { Viewer } from "./viewer.js";

export const viewer = new Viewer();

let onRemove: (id: number) => void = () => {};
const list = new RecordingList({ choose, remove: (id) => onRemove(id) });

/** What the list's buttons do that take a recording away. */
export function bindRemoving(remove: (id: number) => void): void {
  onRemove = remove;
}

export function showList(): void {
  list.show(state.items, state.shown?.id);
}

/** Of a recording that has something new: its row, and its pictures where it is the one that is looked at. */
export function showNew(item: Item | undefined): void {
  showList();
  if (item && item === state.shown) viewer.refresh(false);
}

export function choose(id: number | undefined): void {
  state.shown = state.items.find((item) => item.id === id);
  viewer.show(state.shown);
  showList();
}

export function focusRow(id: number): void {
  list.focus(id);
}

/** The recording after the shown one in the list, or before it. */
export function stepList(by: 1 | -1): void {
  const { items, shown } = state;
  const next = items[shown ? items.indexOf(shown) + by : 0];
  if (!next) return;
  choose(next.id);
  focusRow(next.id);
}
