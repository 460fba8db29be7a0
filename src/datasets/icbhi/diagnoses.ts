import { type LineProblem, readLines } from "./textLines.js";

/** Diagnoses of the release; LRTI and URTI are infections of the lower and upper respiratory tract. */
export const DIAGNOSES = [
  "Asthma",
  "Bronchiectasis",
  "Bronchiolitis",
  "COPD",
  "Healthy",
  "LRTI",
  "Pneumonia",
  "URTI",
] as const;
export type Diagnosis = (typeof DIAGNOSES)[number];

export interface DiagnosisList {
  patients: Map<string, Diagnosis>;
  problems: LineProblem[];
}

/** Reads the list of diagnoses: patient and diagnosis, separated by a comma or a tab, with or without a heading. */
export function parseDiagnoses(text: string): DiagnosisList {
  const { lines, problems } = readLines(text);
  const patients: DiagnosisList["patients"] = new Map();
  lines.forEach(({ line, text: row }, index) => {
    const [patient, word, ...rest] = row.trim().split(/[\t ,]+/);
    if (index === 0 && patient && !/^\d/.test(patient)) return;
    const diagnosis = DIAGNOSES.find((one) => one === word);
    if (!diagnosis || rest.length > 0 || !/^\d{3}$/.test(patient ?? "")) {
      const what = `is ${JSON.stringify(row.trim().slice(0, 60))}; expected a patient and one of ${DIAGNOSES.join(", ")}`;
      problems.push({ line, what, severity: "warning" });
      return;
    }
    const before = patients.get(patient!);
    if (before) {
      problems.push({ line, what: `names patient ${patient} again, before as ${before}`, severity: "warning" });
    } else patients.set(patient!, diagnosis);
  });
  return { patients, problems };
}
