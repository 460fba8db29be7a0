/** What a file name of SPRSound says. */
export interface SprSoundName {
  patient: string;
  ageYears: number;
  gender: "male" | "female";
  /** p1 left posterior, p2 left lateral, p3 right posterior, p4 right lateral; later releases add p5 to p8. */
  location: string;
  recordingNumber: number;
}

/** In words, for messages. */
export const SPRSOUND_NAME_FORM = "patient_age_gender_location_number, such as 12345678_4.5_0_p1_27";

/**
 * Reads `patient_age_gender_location_number`; gender 0 is male, 1 female (papers.md 0.2).
 * @param name base name without ending
 * @returns undefined where the name has another form
 */
export function parseSprSoundName(name: string): SprSoundName | undefined {
  const match = /^(\d+)_(\d+(?:\.\d+)?)_([01])_(p[1-8])_(\d+)$/.exec(name);
  if (!match) return undefined;
  const [, patient, age, gender, location, number] = match;
  return {
    patient: patient!,
    ageYears: Number(age),
    gender: gender === "0" ? "male" : "female",
    location: location!,
    recordingNumber: Number(number),
  };
}
