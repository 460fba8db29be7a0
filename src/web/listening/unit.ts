import { eventTypeOf, recordLabelOf } from "../../datasets/sprsound/labels.js";
import { eventLabel, recordLabelIndex, sprSoundTask } from "../../datasets/sprsound/tasks.js";

/** What a model's task gives a label to. */
export type Unit = "cycle" | "event" | "recording";

/** @param task such as "icbhi/4-class", "sprsound/11" or "sprsound/22-windows" */
export function unitOf(task: string): Unit {
  if (/^sprsound\/1[12]\b/.test(task)) return "event";
  return task.startsWith("sprsound/") ? "recording" : "cycle";
}

/**
 * What a person marked, in the words of the model's labels, so that the two can be compared; undefined where they cannot.
 * @param marked a label of ICBHI or SPRSound
 */
export function inModelsWords(marked: string, task: string, labels: readonly string[]): string | undefined {
  const [, id] = /^sprsound\/(\d\d)/.exec(task) ?? [];
  if (id !== undefined) {
    const own = sprSoundTask(id);
    const event = own.level === "event" ? eventTypeOf(marked) : undefined;
    const record = own.level === "record" ? recordLabelOf(marked) : undefined;
    const index = event ? eventLabel(own, event) : record ? recordLabelIndex(own, record) : -1;
    return labels[index];
  }
  if (labels.includes(marked)) return marked;
  // A model of two classes: whatever is not normal is the other one.
  return labels.length === 2 && labels[0] === "Normal" && ["Crackle", "Wheeze", "Both"].includes(marked)
    ? labels[1]
    : undefined;
}
