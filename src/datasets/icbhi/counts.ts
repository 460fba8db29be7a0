import { CYCLE_LABELS, type CycleLabel } from "./labels.js";
import type { IcbhiRecording } from "./recording.js";

/** Counts over some recordings; classes without any are there with 0. */
export interface IcbhiCounts {
  byClass: Record<CycleLabel, number>;
  cycles: number;
  recordings: number;
  patients: number;
}

/** Counts cycles by class, recordings and patients, whether their audio is at hand or not. */
export function countIcbhi(recordings: readonly IcbhiRecording[]): IcbhiCounts {
  const byClass = Object.fromEntries(CYCLE_LABELS.map((label) => [label, 0])) as Record<CycleLabel, number>;
  let cycles = 0;
  for (const recording of recordings) {
    cycles += recording.cycles.length;
    for (const { label } of recording.cycles) byClass[label]++;
  }
  const patients = new Set(recordings.map(({ patient }) => patient)).size;
  return { byClass, cycles, recordings: recordings.length, patients };
}

/** The same, with recordings whose audio is at hand apart from those of which only the annotation is. */
export function countByAudio(recordings: readonly IcbhiRecording[]): Record<"all" | "present" | "absent", IcbhiCounts> {
  return {
    all: countIcbhi(recordings),
    present: countIcbhi(recordings.filter(({ file }) => file !== undefined)),
    absent: countIcbhi(recordings.filter(({ file }) => file === undefined)),
  };
}
