import type { Example, Role } from "../roles.js";
import { CYCLE_LABELS } from "./labels.js";
import type { IcbhiRecording } from "./recording.js";

/** Four classes, or normal against everything else (papers.md 0.3, variant A). */
export type IcbhiClasses = 4 | 2;

const LABELS: Readonly<Record<IcbhiClasses, readonly string[]>> = {
  4: CYCLE_LABELS,
  2: ["Normal", "Abnormal"],
};

/** Label names in index order; index 0 is Normal. */
export function icbhiLabels(classes: IcbhiClasses): readonly string[] {
  return LABELS[classes];
}

/** A cycle, by its place in its recording. */
export interface CycleRef {
  readonly recording: IcbhiRecording;
  /** In the order of the annotation file, from 0. */
  readonly index: number;
}

/** All cycles of some recordings, in order. */
export function cyclesOf(recordings: readonly IcbhiRecording[]): CycleRef[] {
  return recordings.flatMap((recording) => recording.cycles.map((_, index) => ({ recording, index })));
}

/** The id of a cycle in every split and store, such as "101_1b1_Al_sc_Meditron#0". */
export function cycleId({ recording, index }: CycleRef): string {
  return `${recording.name}#${index}`;
}

/** A cycle as an example, computed from `file`. */
export function cycleExample<R extends Role>(ref: CycleRef, classes: IcbhiClasses, role: R, file: string): Example<R> {
  const { name, patient, device, cycles } = ref.recording;
  const { startSeconds, endSeconds, label: four } = cycles[ref.index]!;
  const index = CYCLE_LABELS.indexOf(four);
  const label = classes === 4 ? index : Number(index > 0);
  return {
    id: cycleId(ref),
    recording: name,
    file,
    startSeconds,
    endSeconds,
    role,
    patient,
    device,
    label,
    className: LABELS[classes][label]!,
    set: "icbhi",
  };
}
