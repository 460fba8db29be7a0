import { describe, expect, it } from "vitest";
import { countByAudio, countIcbhi, type IcbhiCounts } from "../../../src/datasets/icbhi/counts.js";
import { CYCLE_LABELS, ICBHI_DEVICES } from "../../../src/datasets/icbhi/labels.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { devicesByPatient } from "../../../src/datasets/icbhi/patients.js";
import { type IcbhiSplit, icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import type { Example } from "../../../src/datasets/roles.js";
import { patientsOf } from "../../../src/datasets/split.js";
import { ALL, type CountRow, DEVICE, FOLD, LEAK_PATIENTS, OFFICIAL, PATIENT_LEVEL } from "./groundTruth.js";

const dataDir = process.env.AUSCULT_DATA;

const row = ({ byClass, cycles, recordings, patients }: IcbhiCounts): number[] => [
  ...CYCLE_LABELS.map((label) => byClass[label]),
  cycles,
  recordings,
  patients,
];

const rowOf = (examples: readonly Example[]): number[] => [
  ...CYCLE_LABELS.map((label) => examples.filter(({ className }) => className === label).length),
  examples.length,
  new Set(examples.map(({ recording }) => recording)).size,
  patientsOf(examples).size,
];

describe.skipIf(!dataDir)("recordings: every number of icbhi/ground-truth", () => {
  const data = dataDir ? loadIcbhi(dataDir) : undefined!;
  /** From annotations alone, so that recordings without audio count. */
  const annotated = (name: string): { train: readonly Example[]; test: readonly Example[]; split: IcbhiSplit } => {
    const split = icbhiSplit(data, name, "published", { fileOf: ({ annotationFile }) => annotationFile });
    return { train: split.train, test: split.tests.test.open("counting", () => {}), split };
  };
  const expectSides = (name: string, sides: Readonly<Record<"train" | "test", CountRow>>) => {
    const { train, test } = annotated(name);
    expect(rowOf(train)).toEqual(sides.train);
    expect(rowOf(test)).toEqual(sides.test);
  };

  it("all recordings", () => expect(row(countIcbhi(data.recordings))).toEqual(ALL));
  it("the official split", () => expectSides("official", OFFICIAL));
  it("the official split by patient", () => expectSides("official-patient-leak", PATIENT_LEVEL));

  it.each(ICBHI_DEVICES)("%s, all of it and on both sides", (device) => {
    const of = data.recordings.filter((recording) => recording.device === device);
    expect(row(countIcbhi(of))).toEqual(DEVICE[device]!.all);
    for (const side of ["train", "test"] as const) {
      expect(row(countIcbhi(of.filter(({ officialSide }) => officialSide === side)))).toEqual(DEVICE[device]![side]);
    }
    // The training side of device-only is that of the device, the test side of device-excluded its test part.
    const only = annotated(`device-only:${device}`);
    const two = new Set([...devicesByPatient(data.recordings)].flatMap(([id, { size }]) => (size > 1 ? [id] : [])));
    expect(only.train.every((example) => example.device === device)).toBe(true);
    expect(only.train.filter(({ patient }) => two.has(patient) && patientsOf(only.test).has(patient))).toEqual([]);
    if (DEVICE[device]!.test[4] > 0)
      expect(rowOf(annotated(`device-excluded:${device}`).test)).toEqual(DEVICE[device]!.test);
  });

  it.each(["156", "218"])("patient %s, who is on both sides", (patient) => {
    for (const side of ["train", "test"] as const) {
      const of = data.recordings.filter((one) => one.patient === patient && one.officialSide === side);
      expect(row(countIcbhi(of))).toEqual(LEAK_PATIENTS[patient]![side]);
    }
    expect(annotated("official").split.leaks.join()).toContain(patient);
  });

  it("the leaking patients' cycles on both sides are in the split", () => {
    const cycles = (patient: string, side: "train" | "test") => LEAK_PATIENTS[patient]![side][4]!;
    expect(annotated("official").split.leakedPatients).toEqual(
      ["156", "218"].map((patient) => {
        return { patient, train: cycles(patient, "train"), select: 0, test: cycles(patient, "test") };
      }),
    );
  });

  it.each([0, 1, 2, 3, 4])("fold %i", (fold) => {
    expectSides(`fold${fold}`, FOLD[fold]!);
    const { test } = annotated(`fold${fold}`);
    const byDevice = ICBHI_DEVICES.map((device) => test.filter((example) => example.device === device).length);
    expect(byDevice).toEqual(FOLD[fold]!.testByDevice);
  });

  it("sizes of the random splits (papers.md 2.1, 4.1)", () => {
    expect(annotated("random-cycle-70-30").train).toHaveLength(4829);
    expect(annotated("random-cycle-70-30").test).toHaveLength(2069);
    expect(annotated("random-cycle-80-20").train).toHaveLength(5518);
  });

  it("4,025 honest training cycles on the official split, the test set unchanged (house.md 2)", () => {
    const fileOf = ({ annotationFile }: { annotationFile: string }) => annotationFile;
    const honest = icbhiSplit(data, "official", "honest", { fileOf });
    expect(honest.train.length + honest.select.length).toBe(4025);
    expect(honest.tests.test.digest).toBe(annotated("official").split.tests.test.digest);
    expect(honest.leaks).toEqual([]);
  });

  it("four patients with two devices, 130 patients counted by device (papers.md 5.1)", () => {
    const devices = devicesByPatient(data.recordings);
    const two = [...devices].filter(([, { size }]) => size === 2).map(([patient]) => patient);
    expect(two.sort()).toEqual(["112", "158", "218", "226"]);
    expect([...devices.values()].reduce((sum, { size }) => sum + size, 0)).toBe(32 + 64 + 11 + 23);
  });

  it("the odd line of the official list is matched and told", () => {
    const odd = data.problems.filter(({ what }) => what.includes("matched without the device"));
    expect(odd.map(({ line }) => line)).toEqual([920]);
    expect(data.recordings.find(({ name }) => name === "226_1b1_Pl_sc_LittC2SE")!.officialSide).toBe("train");
  });

  it("cycle lengths: 0.2 to 16.2 s, mean 2.7 s, five of 9 s or more (papers.md 0.1)", () => {
    const lengths = data.recordings.flatMap(({ cycles }) => cycles.map((c) => c.endSeconds - c.startSeconds));
    expect(Math.min(...lengths)).toBeCloseTo(0.2, 3);
    expect(Math.max(...lengths)).toBeCloseTo(16.163, 3);
    expect(lengths.reduce((a, b) => a + b, 0) / lengths.length).toBeCloseTo(2.7, 1);
    expect(lengths.filter((seconds) => seconds >= 9)).toHaveLength(5);
  });

  it("audio present and absent add up", () => {
    const { all, present, absent } = countByAudio(data.recordings);
    expect(present.recordings + absent.recordings).toBe(all.recordings);
    expect(present.cycles + absent.cycles).toBe(all.cycles);
    expect(present.recordings).toBe(data.recordings.filter(({ file }) => file).length);
  });

  it("a diagnosis, an age and a fold for each patient but one without an age", () => {
    const patients = [...patientsOf(data.recordings)];
    const { diagnoses, demographics, folds } = data.lists;
    expect(patients.filter((id) => !diagnoses!.patients.has(id) || !folds!.folds.has(id))).toEqual([]);
    expect(patients.filter((id) => demographics!.patients.get(id)?.ageYears === undefined)).toEqual(["223"]);
    const count = new Map<string, number>();
    for (const diagnosis of diagnoses!.patients.values()) count.set(diagnosis, (count.get(diagnosis) ?? 0) + 1);
    expect(count.get("COPD")).toBe(64);
    expect(count.get("Healthy")).toBe(26);
  });
});
