import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Streams } from "../../random/streams.js";
import type { IcbhiDevice } from "../icbhi/labels.js";
import type { PatientFacts, PlannedPatient, PlannedRecordings } from "./icbhiPatients.js";

/** A recording that was written. */
export interface ListedRecording {
  /** With the right device. */
  name: string;
  part: PlannedRecordings;
  cycles: number;
}

/** The name with another device in place of the right one. */
export function withDevice(name: string, device: IcbhiDevice, other: IcbhiDevice | undefined): string {
  return other ? name.slice(0, -device.length) + other : name;
}

/** Writes the publisher's lists, each in the form of the real file. */
export function writeIcbhiLists(
  root: string,
  streams: Streams,
  people: readonly (PlannedPatient & PatientFacts)[],
  recordings: readonly ListedRecording[],
): void {
  const put = (name: string, content: string) => writeFileSync(path.join(root, name), content);
  const named = [...recordings].sort((a, b) => (a.name < b.name ? -1 : 1));

  // Ends of lines as Windows has them; another device in one line.
  const sides = named.map(({ name, part }) => `${withDevice(name, part.device, part.listedAs)}\t${part.side}\r\n`);
  put("ICBHI_challenge_train_test.txt", sides.join(""));

  // Fold after fold, patients in no order.
  const order = streams.stream("demo icbhi folds").shuffle(people);
  const folds = [0, 1, 2, 3, 4].flatMap((fold) => order.filter((person) => person.fold === fold));
  put("patient_list_foldwise.txt", folds.map(({ id, fold }) => `${id} ${fold}\n`).join(""));

  const wrong = named.flatMap(({ name, part }) =>
    part.firstNamed ? [`'${withDevice(name, part.device, part.firstNamed)}'\n`] : [],
  );
  put("filename_differences.txt", wrong.join(""));

  put("patient_diagnosis.csv", `ID,CLASS\n${people.map(({ id, diagnosis }) => `${id},${diagnosis}\n`).join("")}`);

  // An empty line first, none at the end, and one patient of whom nothing is known.
  const facts = people.map((person, index) => {
    if (index === UNKNOWN) return `${person.id} NA NA NA NA NA`;
    const { id, ageYears, sex, bmi, weightKg, heightCm } = person;
    return [id, ageYears, sex, figure(bmi, 2), figure(weightKg, 1), figure(heightCm, 0)].join(" ");
  });
  put("demographic_info.txt", `\n${facts.join("\n")}`);
}

/** Counted from 0. */
const UNKNOWN = 20;

function figure(value: number | undefined, decimals: number): string {
  return value === undefined ? "NA" : String(Number(value.toFixed(decimals)));
}
