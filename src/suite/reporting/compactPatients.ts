import { type ConfusionMatrix, emptyConfusion } from "../../evaluation/confusion.js";
import type { PatientConfusion } from "../../evaluation/confusionByPatient.js";

/**
 * The counts of a set's patients in one text: "P101 0:8 1:2;P102 3:1" is a patient with 8 in the first cell of the matrix and 2 in the
 * second, row by row, and another. Ten times shorter than JSON, and read only where an interval is computed.
 */
export function compactPatients(patients: readonly PatientConfusion[]): string {
  return patients
    .map(({ patient, matrix }) => {
      const cells = matrix.counts.flat().flatMap((count, cell) => (count === 0 ? [] : [`${cell}:${count}`]));
      return [encodeURIComponent(patient), ...cells].join(" ");
    })
    .join(";");
}

/** What `compactPatients` was given. */
export function expandPatients(text: string, labels: readonly string[]): PatientConfusion[] {
  if (text === "") return [];
  return text.split(";").map((part) => {
    const [patient, ...cells] = part.split(" ");
    const matrix: ConfusionMatrix = emptyConfusion(labels);
    for (const cell of cells) {
      const [place, count] = cell.split(":").map(Number);
      matrix.counts[Math.floor(place! / labels.length)]![place! % labels.length] = count!;
    }
    return { patient: decodeURIComponent(patient!), matrix };
  });
}

/** The patients of such a text. */
export function namesIn(text: string): string[] {
  return text === "" ? [] : text.split(";").map((part) => decodeURIComponent(part.split(" ", 1)[0]!));
}
