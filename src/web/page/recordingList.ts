import { clockText } from "../listening/ticks.js";
import { make, part, say } from "./elements.js";
import type { Item } from "./item.js";

interface Row {
  row: HTMLLIElement;
  choose: HTMLButtonElement;
  state: HTMLElement;
  progress: HTMLProgressElement;
}

/** The list of recordings, kept up to date row by row, so that the focus stays where it is. */
export class RecordingList {
  private readonly rows = new Map<number, Row>();
  private shown: number | undefined;
  private readonly onChoose: (id: number) => void;
  private readonly onRemove: (id: number) => void;

  constructor(on: { choose(id: number): void; remove(id: number): void }) {
    this.onChoose = on.choose;
    this.onRemove = on.remove;
  }

  show(items: readonly Item[], shown: number | undefined): void {
    const before = this.shown;
    this.shown = shown;
    part("list-panel").hidden = items.length === 0;
    for (const [id, { row }] of this.rows) {
      if (items.some((item) => item.id === id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    for (const item of items) {
      const own = this.rows.get(item.id) ?? this.add(item);
      if (own.choose.ariaCurrent !== String(item.id === shown)) own.choose.ariaCurrent = String(item.id === shown);
      say(own.state, stateText(item));
      own.state.classList.toggle("bad", item.state === "failed");
      own.progress.hidden = item.state !== "running" || item.source === "microphone";
      own.progress.value = item.seconds > 0 ? item.passedSeconds / item.seconds : 0;
    }
    if (before !== shown) this.reveal(shown);
  }

  focus(id: number): void {
    this.rows.get(id)?.choose.focus();
  }

  /** Within the list: the page stays where it is. */
  private reveal(id: number | undefined): void {
    const row = id === undefined ? undefined : this.rows.get(id)?.row;
    const box = part("list");
    if (!row) return;
    const top = row.offsetTop;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top + row.offsetHeight - box.clientHeight + 4;
  }

  private add({ id, name }: Item): Row {
    const state = make("span", { class: "state" });
    const choose = make("button", { type: "button" }, make("span", { class: "name", title: name }, name), state);
    const remove = make(
      "button",
      { type: "button", class: "remove", "aria-label": `Remove ${name}`, title: "Remove" },
      "\u00d7",
    );
    const progress = make("progress", { max: "1", "aria-label": `${name}: progress` });
    choose.onclick = () => this.onChoose(id);
    remove.onclick = () => this.onRemove(id);
    const row = make("li", {}, choose, remove, progress);
    part("list").append(row);
    const own = { row, choose, state, progress };
    this.rows.set(id, own);
    return own;
  }
}

/** How a recording is doing, in a few words. */
export function stateText(item: Item): string {
  const length = item.seconds > 0 ? clockText(item.seconds, item.seconds < 60 ? 1 : 0) : "";
  if (item.state === "failed") return "cannot be used";
  if (item.state === "waiting") return "waits";
  if (item.state === "done") {
    const took = item.answers.get(item.precision)?.tookMs;
    return [
      length,
      item.source === "file" && took !== undefined ? `answered in ${(took / 1000).toFixed(1)} s` : "ended",
    ].join(" \u00b7 ");
  }
  if (item.source === "microphone") return `listens \u00b7 ${length || "0 s"}`;
  return item.seconds > 0 ? `${length} \u00b7 ${Math.round((100 * item.passedSeconds) / item.seconds)} %` : "is opened";
}
