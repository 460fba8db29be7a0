import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeWav } from "../../audio/encodeWav.js";
import { type Rng, Streams } from "../../random/streams.js";
import { CHEST_LOCATIONS, CYCLE_LABELS, type CycleLabel, type IcbhiDevice } from "../icbhi/labels.js";
import type { OfficialSide } from "../icbhi/splitList.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { deviceFormat, recordWith } from "./device.js";
import { type ListedRecording, withDevice, writeIcbhiLists } from "./icbhiLists.js";
import {
  drawIcbhiPatient,
  type PlannedPatient,
  type PlannedRecordings,
  type Profile,
  plannedPatients,
} from "./icbhiPatients.js";
import type { Patient } from "./patient.js";
import { type BreathSound, type MadeUpBreath, makeRecording } from "./recording.js";

export interface IcbhiDemoCounts {
  recordings: number;
  patients: number;
  cycles: number;
  bySide: Record<OfficialSide, number>;
}

/** How likely a cycle is of each class, in the order of `CYCLE_LABELS`. */
const SHARES: Readonly<Record<Profile, readonly [number, number, number, number]>> = {
  healthy: [0.9, 0.05, 0.05, 0],
  crackle: [0.45, 0.5, 0, 0.05],
  wheeze: [0.45, 0, 0.5, 0.05],
  mixed: [0.3, 0.25, 0.25, 0.2],
};

/** The usual length holds four cycles of the slowest patient, one of each class. Those at 44.1 kHz are shorter, for their size. */
const SECONDS = { usual: 13, large: 8 } as const;

const MARKER_TEXT = (
  seed: number,
) => `These sounds are made up: synthetic breath noise, crackles and wheezes, computed by
\`auscult data demo\` with seed ${seed}. No patient was recorded. Numbers measured on them say nothing about real recordings.
The folders, names, lists and annotations follow the layout of the ICBHI 2017 set so that the same program reads both, with
what is odd in them: a patient on both sides of the official list, patients with two devices, a line of that list with
another device than the file, and files that still carry a wrong device, which \`filename_differences.txt\` tells.
`;

/** Writes made-up recordings, annotations and lists in ICBHI's layout under `root`. The same seed gives the same bytes. */
export function writeIcbhiDemo(root: string, { seed }: { seed: number }): IcbhiDemoCounts {
  const folder = path.join(root, "ICBHI_final_database");
  mkdirSync(folder, { recursive: true });
  const streams = new Streams(seed);
  const planned = plannedPatients();
  const recorded: Record<IcbhiDevice, number> = { AKGC417L: 0, Meditron: 0, LittC2SE: 0, Litt3200: 0 };
  const listed: ListedRecording[] = [];
  const people = planned.map((plan, index) => {
    const { patient, facts } = drawIcbhiPatient(streams.stream("demo icbhi patient", index), plan.profile);
    let ofPatient = 0;
    for (const part of plan.recordings) {
      const { device } = part;
      const due = dueClasses(streams.stream("demo icbhi classes", index, ofPatient), plan);
      for (let n = 0; n < part.count; n++, ofPatient++) {
        const name = nameOf(plan.id, part, ofPatient, listed.length);
        const rng = streams.stream("demo icbhi recording", listed.length);
        const { sampleRateHz, bitsPerSample } = deviceFormat(device, recorded[device]++);
        const { samples, breaths } = recordingOf(rng, patient, { sampleRateHz, profile: plan.profile, due, device });
        const place = path.join(folder, part.stillNamed ? withDevice(name, device, part.firstNamed) : name);
        writeFileSync(`${place}.wav`, encodeWav(samples, sampleRateHz, bitsPerSample));
        writeFileSync(`${place}.txt`, annotationText(breaths, device));
        listed.push({ name, part, cycles: breaths.length });
      }
    }
    return { ...plan, ...facts };
  });
  writeIcbhiLists(root, streams, people, listed);
  writeFileSync(path.join(root, MADE_UP_MARKER), MARKER_TEXT(seed));
  const onSide = (side: OfficialSide) => listed.filter(({ part }) => part.side === side).length;
  return {
    recordings: listed.length,
    patients: people.length,
    cycles: listed.reduce((sum, { cycles }) => sum + cycles, 0),
    bySide: { train: onSide("train"), test: onSide("test") },
  };
}

/** Classes that must come first: all four for a patient of mixed sounds, so that no device, side or fold lacks one. */
function dueClasses(rng: Rng, { profile }: PlannedPatient): CycleLabel[] {
  return profile === "mixed" ? rng.shuffle(CYCLE_LABELS) : [];
}

interface IcbhiForm {
  sampleRateHz: number;
  profile: Profile;
  /** Taken from the front while there are any. */
  due: CycleLabel[];
  device: IcbhiDevice;
}

function recordingOf(rng: Rng, patient: Patient, { sampleRateHz, profile, due, device }: IcbhiForm) {
  const { samples, breaths } = makeRecording(rng, patient, {
    seconds: sampleRateHz > 40000 ? SECONDS.large : SECONDS.usual,
    sampleRateHz,
    contiguous: true,
    soundOf: (breathRng) => soundOfClass(breathRng, due.shift() ?? drawClass(breathRng, SHARES[profile])),
  });
  return { samples: recordWith(device, rng, samples, sampleRateHz), breaths };
}

function drawClass(rng: Rng, shares: readonly number[]): CycleLabel {
  const draw = rng.uniform();
  let upTo = 0;
  for (const [index, label] of CYCLE_LABELS.entries()) {
    upTo += shares[index]!;
    if (draw < upTo) return label;
  }
  return "Normal";
}

function soundOfClass(rng: Rng, label: CycleLabel): BreathSound {
  if (label === "Normal") return "normal";
  if (label === "Wheeze") return rng.uniform() < 0.8 ? "wheeze" : "rhonchi";
  if (label === "Both") return "wheeze and crackle";
  return rng.uniform() < 0.5 ? "fine" : "coarse";
}

/**
 * The name with the right device. As in the real set the microphone and the tube record several places at once (`mc`) but for
 * the tube's recording that the official list names otherwise.
 */
function nameOf(patient: string, { device, listedAs }: PlannedRecordings, ofPatient: number, index: number): string {
  const several = (device === "AKGC417L" || device === "LittC2SE") && listedAs === undefined;
  const location = CHEST_LOCATIONS[index % CHEST_LOCATIONS.length]!;
  const session = several ? `${1 + (ofPatient >> 1)}b${1 + (ofPatient >> 1)}` : "1b1";
  return `${patient}_${session}_${location}_${several ? "mc" : "sc"}_${device}`;
}

/**
 * Start, end, crackle, wheeze, separated by tabs. As in the real set Litt3200's times have four decimals and many of its first
 * cycles begin at 0; the others' times have three.
 */
function annotationText(breaths: readonly MadeUpBreath[], device: IcbhiDevice): string {
  const time = (seconds: number) => String(Number(seconds.toFixed(device === "Litt3200" ? 4 : 3)));
  return breaths
    .map(({ sound, startSeconds, endSeconds }, index) => {
      const fromZero = device === "Litt3200" && index === 0 && startSeconds < 0.3;
      const wheeze = sound === "wheeze" || sound === "rhonchi" || sound === "wheeze and crackle";
      const crackle = sound === "fine" || sound === "coarse" || sound === "wheeze and crackle";
      return `${time(fromZero ? 0 : startSeconds)}\t${time(endSeconds)}\t${Number(crackle)}\t${Number(wheeze)}\n`;
    })
    .join("");
}
