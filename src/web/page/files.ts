import { pairFiles, stemOf } from "../listening/pairs.js";
import { part } from "./elements.js";
import { type Item, newItem } from "./item.js";
import { measureFor, stopMeasuring } from "./measuring.js";
import { stopRecording } from "./recorder.js";
import { problem, status } from "./saying.js";
import { choose, focusRow, showList } from "./showing.js";
import { nextNumber, state, unanswered } from "./state.js";
import { ask } from "./workers.js";

/** Dropped before the model was there. */
const early: File[] = [];

/** Recordings and their annotations, as a hand dropped or chose them. */
export function addFiles(files: readonly File[]): void {
  const { model, items, precision, hopSeconds } = state;
  if (!model) {
    early.push(...files);
    status(`The model is loaded; ${early.length} files wait for it.`);
    return;
  }
  const { pairs, lonely } = pairFiles(files);
  const added = pairs.map(({ recording: file, annotation }) => {
    const item = newItem(nextNumber(), file.name, "file", precision, hopSeconds);
    item.file = file;
    if (annotation) item.annotation = annotation;
    items.push(item);
    begin(item);
    return item;
  });
  for (const annotation of lonely) annotate(annotation);
  if (added[0]) choose(added[0].id);
  showList();
}

/** Takes those that were too early. */
export function addEarlyFiles(): void {
  if (early.length > 0) addFiles(early.splice(0));
}

/** An annotation that came after its recording. */
function annotate(annotation: File): void {
  const item = state.items.find(({ name, source }) => source === "file" && stemOf(name) === stemOf(annotation.name));
  if (!item) {
    problem(`${annotation.name}: no recording of that name is here; drop both together`);
    return;
  }
  item.annotation = annotation;
  item.answers.clear();
  begin(item);
}

/** Has a file answered in the present precision, from its beginning. */
export function begin(item: Item): void {
  if (!item.file) return;
  if (item.state === "running" || item.state === "waiting") ask({ type: "drop", id: item.job });
  const { precision, hopSeconds } = state;
  const isNew = item.job === 0;
  item.job = nextNumber();
  Object.assign(item, { precision, hopSeconds });
  item.answers.delete(precision);
  delete item.chosen;
  item.state = "waiting";
  item.passedSeconds = 0;
  const { name, file, annotation, job } = item;
  ask({
    ...{ type: "open", id: job, name, file, precision, hopSeconds },
    ...(annotation && { annotation: { name: annotation.name, file: annotation } }),
  });
  if (isNew) measureFor(item, { type: "open", id: job, file, name });
  status(`${unanswered()} to answer.`);
}

/** Takes a recording off the list; a microphone that listens is ended. */
export function remove(id: number): void {
  const { items, shown } = state;
  const item = items.find((one) => one.id === id);
  if (!item) return;
  if (state.recording?.item === item) void stopRecording();
  ask({ type: "drop", id: item.job });
  stopMeasuring(item);
  const at = items.indexOf(item);
  items.splice(at, 1);
  const next = items[Math.min(at, items.length - 1)];
  choose(shown === item ? next?.id : shown?.id);
  if (next) focusRow(next.id);
  else part("open").focus();
}
