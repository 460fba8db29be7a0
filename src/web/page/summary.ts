import { make, part } from "./elements.js";
import { answersOf, type Item } from "./item.js";
import type { ListeningModel } from "./messages.js";

let shown = "";

/** What was decided, counted: of cycles the number of each label, of a recording its label. */
export function showSummary(item: Item, model: ListeningModel): void {
  const { cycles, whole, isComplete } = answersOf(item, item.precision);
  const { labels } = model.identity;
  const boxes: [string, string][] = [];
  const lines: string[] = [];
  const [recording] = whole;
  if (model.unit === "recording") {
    boxes.push([recording?.label ?? "\u2013", recording || isComplete ? "the recording" : "when all of it was heard"]);
    if (item.recordLabel !== undefined) boxes.push([item.recordLabel, "marked"]);
  } else {
    for (const label of labels) boxes.push([String(cycles.filter((one) => one.label === label).length), label]);
    const comparable = cycles.filter(({ annotated }) => annotated !== undefined && labels.includes(annotated));
    if (comparable.length > 0) {
      const same = comparable.filter(({ annotated, label }) => annotated === label).length;
      boxes.push([`${same} of ${comparable.length}`, "as marked"]);
    }
    const unit = `${model.unit}s`;
    lines.push(
      item.cut === "annotated"
        ? `Cut at the annotated ${unit}.`
        : `Cut into ${unit} by their energy, approximately: no annotation lies beside this recording.`,
    );
  }
  lines.push(model.rule);
  const key = JSON.stringify([boxes, lines]);
  if (key === shown) return;
  shown = key;
  part("summary").replaceChildren(
    ...boxes.map(([value, text]) => make("div", {}, make("b", {}, value), make("span", {}, text))),
    make("p", { class: "line muted" }, lines.join(" ")),
  );
}
