import type { StretchResult } from "../listening/results.js";
import { clockText } from "../listening/ticks.js";
import { make, part, say } from "./elements.js";
import { type Answers, answersOf, type Item } from "./item.js";
import type { ListeningModel } from "./messages.js";

export type Kind = StretchResult["kind"];

/** Rows that are made at once; an hour has thousands. */
const STEP = 100;

/** All answers as a table: what the pictures show, to be read. Rows are added as they come; the newest live ones are at the end. */
export class AnswersTable {
  private kind: Kind | undefined;
  private of: Answers | undefined;
  /** There is a column of what a person marked. */
  private marked = false;
  private rows: HTMLTableRowElement[] = [];
  private limit = STEP;
  private readonly model: ListeningModel;
  private readonly onChoose: (result: StretchResult) => void;

  constructor(model: ListeningModel, onChoose: (result: StretchResult) => void) {
    this.model = model;
    this.onChoose = onChoose;
    const kinds: [Kind, string][] =
      model.unit === "recording"
        ? [
            ["recording", "the recording"],
            ["window", "windows"],
          ]
        : [
            ["cycle", model.unit === "event" ? "events" : "cycles"],
            ["window", "windows"],
          ];
    const select = part<HTMLSelectElement>("kind");
    select.replaceChildren(...kinds.map(([value, text]) => make("option", { value }, text)));
    part("more").onclick = () => {
      this.limit += STEP;
      part("more").dispatchEvent(new CustomEvent("wanted", { bubbles: true }));
    };
    select.onchange = () => part("more").dispatchEvent(new CustomEvent("wanted", { bubbles: true }));
  }

  show(item: Item): void {
    const answers = answersOf(item, item.precision);
    const kind = part<HTMLSelectElement>("kind").value as Kind;
    // The marks of a file are known only when it was opened.
    const marked = kind !== "window" && (item.marks.length > 0 || item.recordLabel !== undefined);
    if (answers !== this.of || kind !== this.kind || marked !== this.marked) this.begin(answers, kind, marked);
    const list = this.listed();
    const body = part("table").querySelector("tbody")!;
    const wanted = Math.min(list.length, this.limit);
    const added: HTMLTableRowElement[] = [];
    while (this.rows.length < wanted) {
      const row = this.row(list[this.rows.length]!);
      this.rows.push(row);
      added.push(row);
    }
    body.append(...added);
    list.slice(0, this.rows.length).forEach((result, i) => {
      this.rows[i]!.classList.toggle("chosen", result === item.chosen);
    });
    part("more").hidden = list.length <= this.limit;
    say(part("more"), `Show more (${Math.max(0, list.length - this.limit)} left)`);
    const caption = part("table").querySelector("caption")!;
    say(caption, this.captionOf(item, list.length));
  }

  /** Makes the row of a stretch, if need be, and brings it into sight. */
  reveal(item: Item, result: StretchResult): void {
    const index = this.listed().indexOf(result);
    if (index < 0) return;
    while (this.limit <= index) this.limit += STEP;
    this.show(item);
    const [row, box] = [this.rows[index]!, part("table").parentElement!];
    const head = 34;
    if (row.offsetTop < box.scrollTop + head) box.scrollTop = row.offsetTop - head;
    else if (row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight;
  }

  private listed(): readonly StretchResult[] {
    const { windows, cycles, whole } = this.of!;
    return { window: windows, cycle: cycles, recording: whole }[this.kind!];
  }

  private begin(answers: Answers, kind: Kind, marked: boolean): void {
    [this.of, this.kind, this.marked, this.rows, this.limit] = [answers, kind, marked, [], STEP];
    const { outputs } = this.model.identity;
    const heads = ["Time", "Length", ...(marked ? ["Marked"] : []), "Model"];
    const table = part("table");
    table.replaceChildren(
      make("caption"),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ...heads.map((text) => make("th", { scope: "col" }, text)),
          ...outputs.map((text) => make("th", { scope: "col", class: "number" }, text)),
        ),
      ),
      make("tbody"),
    );
  }

  private row(result: StretchResult): HTMLTableRowElement {
    const { startSeconds, endSeconds, annotated, label, probabilities, silent } = result;
    const start = make(
      "button",
      { type: "button", "aria-label": `Show ${clockText(startSeconds, 1)}` },
      clockText(startSeconds, 1),
    );
    start.onclick = () => this.onChoose(result);
    const differs = annotated !== undefined && this.model.identity.labels.includes(annotated) && annotated !== label;
    const largest = Math.max(...probabilities);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, start),
      make("td", {}, `${(endSeconds - startSeconds).toFixed(2)} s`),
      this.marked && make("td", {}, annotated ?? "\u2013"),
      make(
        "td",
        { class: differs ? "decided differs" : "decided", ...(differs && { title: "Not what was marked" }) },
        silent ? `${label} (silence)` : label,
      ),
      ...probabilities.map((value) =>
        make("td", { class: value === largest ? "number largest" : "number" }, value.toFixed(3)),
      ),
    );
  }

  private captionOf(item: Item, count: number): string {
    const { windowSeconds, identity } = this.model;
    const { hopSeconds } = item;
    const calibrated = identity.calibrated ? "calibrated" : "not calibrated";
    const what = {
      window: `${count} ${count === 1 ? "window" : "windows"} of ${windowSeconds} s, one every ${hopSeconds === 1 ? "second" : `${hopSeconds} s`}; shorter ones are brought to length as in the evaluation`,
      cycle: `${count} ${this.model.unit}${count === 1 ? "" : "s"}, ${item.cut === "annotated" ? "as annotated" : "cut by energy: approximate"}`,
      recording: count > 0 ? "The recording as a whole" : "The recording as a whole: when all of it was heard",
    }[this.kind!];
    return `${what}. Probabilities ${calibrated}, ${item.precision}.`;
  }
}
