import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeWav } from "../../audio/encodeWav.js";
import { Streams } from "../../random/streams.js";
import { UserError } from "../../userError.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { type EventType, type RecordLabel, recordLabelFromEvents } from "../sprsound/labels.js";
import { type Condition, drawPatient, type Patient } from "./patient.js";
import { type BreathSound, makeRecording, makeUnusableRecording, soundsOf } from "./recording.js";

/** Recordings by set. */
export interface DemoSize {
  train: number;
  inter: number;
  intra: number;
}

export interface DemoCounts {
  recordings: number;
  patients: number;
  events: number;
  bySet: { train2022: number; inter2022: number; intra2022: number };
}

/** Each condition within seven patients, and so each event type within 14 recordings. */
const CONDITIONS: readonly Condition[] = [
  ...(["fine", "mixed", "wheeze", "stridor", "coarse", "rhonchi", "healthy"] as const),
  ...(["healthy", "healthy", "fine", "healthy", "healthy", "wheeze", "healthy", "healthy"] as const),
];
const RECORDINGS_PER_PATIENT = 2;
const SAMPLE_RATE_HZ = 8000;

const EVENT_TYPE: Readonly<Record<BreathSound, EventType>> = {
  normal: "Normal",
  wheeze: "Wheeze",
  rhonchi: "Rhonchi",
  stridor: "Stridor",
  fine: "Fine Crackle",
  coarse: "Coarse Crackle",
  "wheeze and crackle": "Wheeze+Crackle",
};

const MARKER_TEXT = (
  seed: number,
) => `These sounds are made up: synthetic breath noise, crackles and wheezes, computed by
\`auscult data demo\` with seed ${seed}. No patient was recorded. Numbers measured on them say nothing about real recordings.
The folders, names and annotations follow the layout of SPRSound so that the same program reads both.
`;

/**
 * Writes made-up recordings and annotations in SPRSound's layout under `root`. Patients of inter are unseen, those of
 * intra are in training too; a few recordings are of poor quality.
 *
 * @throws UserError for a size below 30 training, 16 inter and 9 intra recordings, which cannot hold every class
 */
export function writeSprSoundDemo(
  root: string,
  { seed, size = { train: 120, inter: 30, intra: 30 } }: { seed: number; size?: DemoSize },
): DemoCounts {
  const least: DemoSize = { train: 30, inter: 16, intra: 9 };
  for (const set of ["train", "inter", "intra"] as const) {
    if (!Number.isInteger(size[set]) || size[set] < least[set]) {
      throw new UserError(
        `a made-up ${set} set of ${size[set]} recordings is too small; at least ${least[set]} are needed`,
      );
    }
  }
  const writer = new DemoWriter(root, seed);
  const trainPatients = Math.ceil(size.train / RECORDINGS_PER_PATIENT);
  for (let n = 0; n < size.train; n++) writer.write("train", Math.floor(n / RECORDINGS_PER_PATIENT), n);
  for (let n = 0; n < size.inter; n++) writer.write("inter", trainPatients + Math.floor(n / RECORDINGS_PER_PATIENT), n);
  for (let n = 0; n < size.intra; n++) writer.write("intra", n % trainPatients, n);
  writeFileSync(path.join(root, MADE_UP_MARKER), MARKER_TEXT(seed));
  return writer.counts(size);
}

class DemoWriter {
  private readonly root: string;
  private readonly streams: Streams;
  private readonly patients = new Map<number, Patient>();
  private recordings = 0;
  private events = 0;

  constructor(root: string, seed: number) {
    this.root = path.join(root, "BioCAS2022");
    this.streams = new Streams(seed);
  }

  /** @param patientIndex counted over all sets @param n counted within the set */
  write(set: "train" | "inter" | "intra", patientIndex: number, n: number): void {
    const condition = CONDITIONS[(set === "inter" ? Math.floor(n / RECORDINGS_PER_PATIENT) : patientIndex) % 15]!;
    const patient =
      this.patients.get(patientIndex) ?? drawPatient(this.streams.stream("demo patient", patientIndex), condition);
    this.patients.set(patientIndex, patient);
    const rng = this.streams.stream("demo recording", this.recordings);
    const form = { seconds: n % 4 === 3 ? 15.36 : 9.216, sampleRateHz: SAMPLE_RATE_HZ };

    // One in two recordings of every second healthy patient is unusable; so is one of intra.
    const unusable =
      patient.condition === "healthy" &&
      (set === "intra" ? n % 15 === 6 : n % RECORDINGS_PER_PATIENT === 1 && patientIndex % 2 === 0);
    const ill =
      patient.condition !== "healthy" && (n % RECORDINGS_PER_PATIENT === 0 || set === "intra" || rng.uniform() < 0.7);
    const { samples, breaths } = unusable
      ? { samples: makeUnusableRecording(rng, patient, form), breaths: [] }
      : makeRecording(rng, patient, { ...form, soundOf: soundsOf(patient.condition, ill ? 0.6 : 0) });

    const events = breaths.map(({ sound, startSeconds, endSeconds }) => ({
      start: String(Math.floor(startSeconds * 1000)),
      end: String(Math.floor(endSeconds * 1000)),
      type: EVENT_TYPE[sound],
    }));
    const label: RecordLabel = recordLabelFromEvents(events.map(({ type }) => type));
    const location = `p${1 + (n % 4)}`;
    const { ageYears, gender } = patient;
    const name = `${90000001 + patientIndex}_${ageYears.toFixed(1)}_${gender}_${location}_${1 + this.recordings}`;
    const wav = set === "train" ? "train2022_wav" : "test2022_wav";
    const json = set === "train" ? "train2022_json" : `test2022_json/${set}_test_json`;
    this.put(wav, `${name}.wav`, encodeWav(samples, SAMPLE_RATE_HZ));
    this.put(json, `${name}.json`, JSON.stringify({ record_annotation: label, event_annotation: events }));
    this.recordings++;
    this.events += events.length;
  }

  counts({ train, inter, intra }: DemoSize): DemoCounts {
    const bySet = { train2022: train, inter2022: inter, intra2022: intra };
    return { recordings: this.recordings, patients: this.patients.size, events: this.events, bySet };
  }

  private put(folder: string, name: string, content: string | Uint8Array): void {
    const place = path.join(this.root, folder);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, name), content);
  }
}
