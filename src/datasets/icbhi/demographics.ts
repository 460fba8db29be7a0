import { type LineProblem, readLines } from "./textLines.js";

/** What the publisher says of a patient; what is not known is absent. */
export interface Demographics {
  ageYears?: number;
  sex?: "female" | "male";
  /** Body-mass index, adults. */
  bmi?: number;
  /** Children. */
  weightKg?: number;
  heightCm?: number;
}

export interface DemographicList {
  patients: Map<string, Demographics>;
  problems: LineProblem[];
}

/** Beyond these a value is suspicious, not impossible to read. */
const PLAUSIBLE = { ageYears: [0, 110], bmi: [8, 80], weightKg: [1, 200], heightCm: [35, 220] } as const;

/**
 * Reads the demographic list: patient, age (years), sex (F or M), body-mass index of adults, weight (kg) and height (cm) of
 * children, with NA for what is not known.
 */
export function parseDemographics(text: string): DemographicList {
  const { lines, problems } = readLines(text);
  const patients: DemographicList["patients"] = new Map();
  for (const { line, text: row } of lines) {
    const fields = row.trim().split(/[\t ,]+/);
    const refuse = (what: string) => problems.push({ line, what, severity: "warning" });
    if (fields.length !== 6 || !/^\d{3}$/.test(fields[0]!)) {
      refuse(`is ${JSON.stringify(row.trim().slice(0, 60))}; expected patient, age, sex, BMI, weight, height`);
      continue;
    }
    const [patient, age, sex, bmi, weight, height] = fields as [string, string, string, string, string, string];
    if (patients.has(patient)) refuse(`names patient ${patient} again`);
    const of: Demographics = {};
    for (const [key, value] of Object.entries({ ageYears: age, bmi, weightKg: weight, heightCm: height })) {
      if (value === "NA") continue;
      const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
      const [low, high] = PLAUSIBLE[key as keyof typeof PLAUSIBLE];
      if (Number.isNaN(number)) refuse(`${key} is ${JSON.stringify(value.slice(0, 40))}; expected a number or NA`);
      else {
        if (number < low || number > high) {
          refuse(`${key} of patient ${patient} is ${number}; ${low} to ${high} would be plausible`);
        }
        of[key as keyof typeof PLAUSIBLE] = number;
      }
    }
    if (sex === "F") of.sex = "female";
    else if (sex === "M") of.sex = "male";
    else if (sex !== "NA") refuse(`sex is ${JSON.stringify(sex.slice(0, 40))}; expected F, M or NA`);
    patients.set(patient, of);
  }
  return { patients, problems };
}
