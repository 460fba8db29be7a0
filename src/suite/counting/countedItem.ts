import type { Icbhi } from "../../datasets/icbhi/load.js";
import type { SprSound } from "../../datasets/sprsound/load.js";

/** What is counted: a cycle, an event, or a whole recording, without its sound. */
export interface CountedItem {
  /** Unique in its data set. */
  id: string;
  recording: string;
  patient: string;
  /** Of ICBHI the device; of SPRSound, which has one kind, "". */
  device: string;
  class: string;
  /** The annotated length in whole microseconds, so that an edge at 0.3 s is met by a cycle of 0.3 s; NaN of a whole recording. */
  lengthMicroseconds: number;
  /** The same as programs have it, end minus start in double precision, in seconds. */
  lengthSeconds: number;
}

/** Cycles of ICBHI in the order of `cyclesOf`. */
export function icbhiCycles({ recordings }: Icbhi): CountedItem[] {
  return recordings.flatMap(({ name, patient, device, cycles }) =>
    cycles.map(({ label, startSeconds, endSeconds }, index) => ({
      id: `${name}#${index}`,
      recording: name,
      patient,
      device,
      class: label,
      ...lengthOf(startSeconds, endSeconds),
    })),
  );
}

/** An item of SPRSound knows its set. */
export interface SprSoundItem extends CountedItem {
  set: string;
}

/** Events of SPRSound; a recording of poor quality has none. */
export function sprSoundEvents({ recordings }: SprSound): SprSoundItem[] {
  return recordings.flatMap(({ name, patient, set, events }) =>
    events.map(({ type, startSeconds, endSeconds }, index) => ({
      id: `${name}#${index}`,
      recording: name,
      patient,
      device: "",
      class: type,
      set,
      ...lengthOf(startSeconds, endSeconds),
    })),
  );
}

/** Recordings of SPRSound with their record label. */
export function sprSoundRecordings({ recordings }: SprSound): SprSoundItem[] {
  return recordings.map(({ name, patient, set, recordLabel }) => ({
    id: name,
    recording: name,
    patient,
    device: "",
    class: recordLabel,
    set,
    lengthMicroseconds: Number.NaN,
    lengthSeconds: Number.NaN,
  }));
}

function lengthOf(startSeconds: number, endSeconds: number) {
  const lengthSeconds = endSeconds - startSeconds;
  return { lengthSeconds, lengthMicroseconds: Math.round(lengthSeconds * 1e6) };
}
