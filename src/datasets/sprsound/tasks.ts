import { UserError } from "../../userError.js";
import type { Example, Role } from "../roles.js";
import { type EventType, eventTypeOf, type RecordLabel } from "./labels.js";
import type { SprSoundRecording } from "./load.js";

export type SprSoundTaskId = "11" | "12" | "21" | "22";

/** A classification task of the SPRSound challenge. */
export interface SprSoundTask {
  readonly id: SprSoundTaskId;
  /** As papers write it, such as "1-1". */
  readonly title: string;
  /** Event clips or whole recordings. */
  readonly level: "event" | "record";
  /** In the index order of the official demo (papers.md 0.2). */
  readonly labels: readonly string[];
  /** Labels from this index on are adventitious: `t` of papers.md 0.3. Index 0 is Normal. */
  readonly adventitiousFrom: number;
}

export const SPRSOUND_TASK_IDS: readonly SprSoundTaskId[] = ["11", "12", "21", "22"];

const TASKS: Readonly<Record<SprSoundTaskId, SprSoundTask>> = {
  "11": { id: "11", title: "1-1", level: "event", labels: ["Normal", "Adventitious"], adventitiousFrom: 1 },
  "12": {
    id: "12",
    title: "1-2",
    level: "event",
    labels: ["Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze & Crackle"],
    adventitiousFrom: 1,
  },
  "21": {
    id: "21",
    title: "2-1",
    level: "record",
    labels: ["Normal", "Poor Quality", "Adventitious"],
    adventitiousFrom: 2,
  },
  "22": {
    id: "22",
    title: "2-2",
    level: "record",
    labels: ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"],
    adventitiousFrom: 2,
  },
};

/** @throws UserError for anything but "11", "12", "21", "22" */
export function sprSoundTask(id: string): SprSoundTask {
  const task = Object.hasOwn(TASKS, id) ? TASKS[id as SprSoundTaskId] : undefined;
  if (!task) {
    throw new UserError(
      `unknown task "${id}" of sprsound; the tasks are 11 (events: normal or not), 12 (events: 7 types), 21 (recordings: 3 classes), 22 (recordings: 5 classes)`,
    );
  }
  return task;
}

/** The index of an event's type among the labels of task 11 or 12. */
export function eventLabel(task: SprSoundTask, type: EventType): number {
  if (task.id === "11") return type === "Normal" ? 0 : 1;
  return task.labels.findIndex((label) => eventTypeOf(label) === type);
}

/** The index of a record label among the labels of task 21 or 22. */
export function recordLabelIndex(task: SprSoundTask, label: RecordLabel): number {
  const index = task.labels.indexOf(label);
  return index >= 0 ? index : task.labels.indexOf("Adventitious");
}

/**
 * The examples of a task: one for each event (tasks 11 and 12) or for each recording (21 and 22), in the order given.
 * Recordings of poor quality have no events, so they are not part of tasks 11 and 12.
 */
export function examplesOf<R extends Role>(
  recordings: readonly SprSoundRecording[],
  task: SprSoundTask,
  role: R,
): Example<R>[] {
  return recordings.flatMap((recording) => {
    const { name, file, patient, set } = recording;
    if (task.level === "record") {
      const label = recordLabelIndex(task, recording.recordLabel);
      return [{ id: name, recording: name, file, patient, set, role, label, className: task.labels[label]! }];
    }
    return recording.events.map(({ type, startSeconds, endSeconds }, index) => {
      const label = eventLabel(task, type);
      const id = `${name}#${index}`;
      return {
        id,
        recording: name,
        file,
        patient,
        set,
        role,
        startSeconds,
        endSeconds,
        label,
        className: task.labels[label]!,
      };
    });
  });
}
