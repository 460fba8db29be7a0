import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { SprSoundEvent } from "../datasets/sprsound/annotation.js";
import type { RecordLabel } from "../datasets/sprsound/labels.js";
import { writeJsonAtomic } from "../node/atomicFile.js";

/** What a run called the windows of test recordings, a second apart: `windows.json` in its folder. */
export interface WindowsFile {
  format: 2;
  task: "21" | "22";
  labels: readonly string[];
  windowSeconds: number;
  stepSeconds: number;
  /** By test set. `windows` and `decided` are indices of the labels. */
  sets: Record<string, { recording: string; windows: number[]; decided: number }[]>;
  /** The recording of the inter set that is drawn. */
  shown?: ShownRecording;
}

/** A recording with its annotation. */
export interface ShownRecording {
  recording: string;
  seconds: number;
  recordLabel: RecordLabel;
  events: readonly SprSoundEvent[];
}

/** A recording with its annotation, and what a classifier called its windows of 3 s, a second apart. */
export interface WindowTimeline extends ShownRecording {
  task: "21" | "22";
  /** Indices of the task's labels. */
  windows: readonly number[];
}

const place = (runFolder: string) => path.join(runFolder, "windows.json");

/** Writes the file into a run's folder; answers where. */
export function writeWindows(runFolder: string, windows: WindowsFile): string {
  writeJsonAtomic(place(runFolder), windows);
  return place(runFolder);
}

/** The recording that a run's file shows; undefined where there is no file, one of an earlier form or a damaged one, or nothing to show. */
export function readWindowTimeline(runFolder: string): WindowTimeline | undefined {
  const file = place(runFolder);
  if (!existsSync(file)) return undefined;
  let read: WindowsFile;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as WindowsFile;
  } catch {
    return undefined;
  }
  const { format, task, sets, shown } = read;
  if (format !== 2 || !shown) return undefined;
  const decided = sets.inter?.find(({ recording }) => recording === shown.recording);
  return decided && { ...shown, task, windows: decided.windows };
}
