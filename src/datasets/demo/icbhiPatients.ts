import type { Rng } from "../../random/streams.js";
import type { IcbhiDevice } from "../icbhi/labels.js";
import type { OfficialSide } from "../icbhi/splitList.js";
import { drawPatient, type Patient } from "./patient.js";
import { between, logUniform } from "./sounds.js";

/** What a made-up patient's cycles carry for the most part. */
export type Profile = "healthy" | "crackle" | "wheeze" | "mixed";

/** Recordings of one patient with one device on one side of the official list. */
export interface PlannedRecordings {
  device: IcbhiDevice;
  side: OfficialSide;
  count: number;
  /** The official list names another device, as for 226_1b1_Pl of the real set. */
  listedAs?: IcbhiDevice;
  /** The wrong device of the first download, which `filename_differences.txt` tells. */
  firstNamed?: IcbhiDevice;
  /** The files carry the wrong device still. */
  stillNamed?: boolean;
}

export interface PlannedPatient {
  /** From 301, so that no made-up patient has the name of a real one. */
  id: string;
  profile: Profile;
  /** 0 to 4. */
  fold: number;
  recordings: readonly PlannedRecordings[];
}

const of = (
  device: IcbhiDevice,
  side: OfficialSide,
  count: number,
  names: Pick<PlannedRecordings, "listedAs" | "firstNamed" | "stillNamed"> = {},
): PlannedRecordings => ({ device, side, count, ...names });

/**
 * Who was recorded with what. Each device has patients of mixed sounds on each side where the real one has recordings:
 * Litt3200 has few for training, LittC2SE none for testing. As in the real set one patient is on both sides, and two were
 * recorded with two devices.
 */
const PATIENTS: readonly (readonly [Profile, ...PlannedRecordings[]])[] = [
  ["mixed", of("AKGC417L", "train", 4)],
  ["crackle", of("AKGC417L", "train", 4)],
  ["healthy", of("AKGC417L", "train", 4)],
  ["mixed", of("AKGC417L", "train", 3)],
  ["wheeze", of("AKGC417L", "train", 3)],
  ["crackle", of("AKGC417L", "train", 3)],
  ["mixed", of("AKGC417L", "train", 2), of("AKGC417L", "test", 2)],
  ["mixed", of("AKGC417L", "test", 4)],
  ["healthy", of("AKGC417L", "test", 4)],
  ["crackle", of("AKGC417L", "test", 3)],
  ["wheeze", of("AKGC417L", "test", 3)],
  ["healthy", of("Meditron", "train", 2, { firstNamed: "AKGC417L" })],
  ["mixed", of("Meditron", "train", 2), of("Litt3200", "train", 2)],
  ["crackle", of("Meditron", "train", 2, { firstNamed: "LittC2SE", stillNamed: true })],
  ["wheeze", of("Meditron", "train", 2)],
  ["healthy", of("Meditron", "train", 2)],
  ["mixed", of("Meditron", "train", 2)],
  ["healthy", of("Meditron", "train", 2)],
  ["wheeze", of("Meditron", "train", 2)],
  ["crackle", of("Meditron", "train", 2)],
  ["healthy", of("Meditron", "train", 2)],
  ["mixed", of("Meditron", "test", 2, { firstNamed: "LittC2SE" })],
  ["healthy", of("Meditron", "test", 2)],
  ["crackle", of("Meditron", "test", 2)],
  ["wheeze", of("Meditron", "test", 2)],
  ["healthy", of("Meditron", "test", 2)],
  ["mixed", of("Meditron", "test", 2)],
  ["mixed", of("LittC2SE", "train", 2)],
  ["healthy", of("LittC2SE", "train", 2)],
  ["wheeze", of("LittC2SE", "train", 2)],
  ["healthy", of("LittC2SE", "train", 2)],
  ["crackle", of("LittC2SE", "train", 2)],
  ["mixed", of("LittC2SE", "train", 2)],
  ["mixed", of("LittC2SE", "train", 1, { listedAs: "Meditron" }), of("Meditron", "train", 2)],
  ["mixed", of("Litt3200", "train", 3)],
  ["wheeze", of("Litt3200", "test", 3)],
  ["mixed", of("Litt3200", "test", 3)],
  ["healthy", of("Litt3200", "test", 3)],
  ["crackle", of("Litt3200", "test", 3)],
  ["mixed", of("Litt3200", "test", 3)],
  ["healthy", of("Litt3200", "test", 2)],
];

/** All made-up patients of the ICBHI layout. The profiles are dealt to the folds in turn, so that each fold has all four. */
export function plannedPatients(): PlannedPatient[] {
  const dealt: Record<Profile, number> = { mixed: 0, healthy: 1, crackle: 2, wheeze: 3 };
  return PATIENTS.map(([profile, ...recordings], index) => {
    const fold = dealt[profile]++ % 5;
    return { id: String(301 + index), profile, fold, recordings };
  });
}

/** What the made-up lists say of a patient. */
export interface PatientFacts {
  diagnosis: string;
  ageYears: number;
  sex: "F" | "M";
  /** Adults only. */
  bmi?: number;
  /** Children only. */
  weightKg?: number;
  heightCm?: number;
}

/** Draws how a patient of the ICBHI layout sounds, and what the lists say of him or her: adults for the most part. */
export function drawIcbhiPatient(rng: Rng, profile: Profile): { patient: Patient; facts: PatientFacts } {
  const drawn = drawPatient(rng, profile === "healthy" ? "healthy" : "mixed");
  const adult = rng.uniform() < 0.7;
  const ageYears = adult ? Math.round(between(rng, 20, 90)) : drawn.ageYears;
  const patient: Patient = {
    ...drawn,
    ageYears,
    cycleSeconds: adult ? between(rng, 1.8, 2.5) : between(rng, 1.5, 2),
    heartRateHz: adult ? between(rng, 1, 1.5) : drawn.heartRateHz,
  };
  const diagnoses = {
    healthy: ["Healthy", "Healthy", "URTI"],
    crackle: ["Pneumonia", "LRTI", "Bronchiectasis"],
    wheeze: adult ? ["COPD", "Asthma"] : ["Bronchiolitis", "Asthma"],
    mixed: adult ? ["COPD", "COPD", "Bronchiectasis"] : ["Bronchiolitis", "Pneumonia"],
  }[profile];
  const facts = {
    diagnosis: diagnoses[rng.integer(diagnoses.length)]!,
    ageYears,
    sex: drawn.gender ? "F" : "M",
  } as const;
  if (adult) return { patient, facts: { ...facts, bmi: logUniform(rng, 18, 36) } };
  const heightCm = Math.round(60 + 6.5 * ageYears + between(rng, -5, 5));
  return { patient, facts: { ...facts, heightCm, weightKg: 15.5 * (heightCm / 100) ** 2 * between(rng, 0.9, 1.2) } };
}
