import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CountingData, NotCounted } from "../../../src/suite/counting/countingData.js";
import { countQuery } from "../../../src/suite/counting/countQuery.js";
import type { CountQuery } from "../../../src/suite/entry.js";
import { wholeIcbhi, writeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { writeLayout } from "../../datasets/sprsound/layoutFixture.js";
import { markMadeUp } from "./madeUpSets.js";

/** Twenty patients, one recording each and of two patients a second one, with a cycle of each class. */
let whole: CountingData;
let dataDir: string;
beforeAll(() => {
  dataDir = markMadeUp(wholeIcbhi());
  whole = new CountingData(dataDir);
});
const of = (query: CountQuery) => countQuery(query, whole);

/** Sides of the list by a reading of its own. */
function listed(): { name: string; side: string }[] {
  const text = readFileSync(path.join(dataDir, "icbhi", "ICBHI_challenge_train_test.txt"), "utf8");
  return text
    .trim()
    .split("\r\n")
    .map((line) => ({ name: line.split("\t")[0]!, side: line.split("\t")[1]! }));
}

describe("a query of ICBHI", () => {
  it("counts cycles, recordings, patients and devices", () => {
    expect(of({})).toBe(88);
    expect(of({ class: "Both" })).toBe(22);
    expect(of({ class: "Abnormal" })).toBe(66);
    expect(of({ of: "recordings" })).toBe(22);
    expect(of({ of: "patients" })).toBe(20);
    expect(of({ of: "devices" })).toBe(3);
    expect(of({ of: "patients", device: "Litt3200" })).toBe(0);
  });

  it("knows the sides of the list, and the same list read by patient", () => {
    for (const side of ["train", "test"] as const) {
      const own = listed().filter((one) => one.side === side);
      const patients = new Set(own.map(({ name }) => name.slice(0, 3)));
      const byPatient = listed().filter(({ name }) => patients.has(name.slice(0, 3)));
      expect(of({ split: "official", side })).toBe(own.length * 4);
      expect(of({ split: "official", side, of: "patients" })).toBe(patients.size);
      expect(of({ split: "official-patient-leak", side })).toBe(byPatient.length * 4);
    }
    expect(of({ split: "official" })).toBe(88);
  });

  it("counts what is on both sides: patients of a list of recordings, cycles of one read by patient", () => {
    expect(of({ split: "official", side: "test", of: "patients", alsoIn: { side: "train" } })).toBe(2);
    expect(of({ split: "official", side: "test", alsoIn: { side: "train" } })).toBe(0);
    // 301 and 302 have two recordings of four cycles.
    expect(of({ split: "official-patient-leak", side: "test", alsoIn: { side: "train" } })).toBe(16);
    expect(of({ split: "official-patient-leak", side: "test", class: "Both", alsoIn: { side: "train" } })).toBe(4);
  });

  it("gives shares of what is counted without a restriction, and none of nothing", () => {
    expect(of({ class: "Both", shareOf: "class" })).toBe(0.25);
    const meditron = readdirSync(path.join(dataDir, "icbhi", "ICBHI_final_database")).filter((name) =>
      name.endsWith("Meditron.txt"),
    ).length;
    expect(of({ device: "Meditron", class: "Both", shareOf: "device" })).toBe(meditron / 22);
    expect(of({ device: "Meditron", class: "Both", shareOf: "class" })).toBe(0.25);
    expect(of({ device: "Meditron", class: "Both", shareOf: "all" })).toBe(meditron / 88);
    const train = listed().filter(({ side }) => side === "train").length;
    expect(of({ split: "official", side: "train", shareOf: "side" })).toBe(train / 22);
    expect(of({ split: "fold1", side: "test", device: "Litt3200", class: "Both", shareOf: "class" })).toBeNull();
  });

  it("refuses names that nothing has", () => {
    expect(() => of({ class: "Wheezes" })).toThrow('asks for class "Wheezes"');
    expect(() => of({ device: "Litt" })).toThrow('asks for device "Litt"');
    expect(() => of({ split: "offical" })).toThrow('unknown split "offical"');
    expect(() => of({ side: "train" })).toThrow("side");
    expect(() => of({ of: "events" })).toThrow("events");
    expect(() => of({ dataset: "sprsound", split: "train2021" })).toThrow('asks for set "train2021"');
    expect(() => of({ dataset: "sprsound", of: "recordings", class: "Wheeze" })).toThrow('asks for class "Wheeze"');
  });
});

describe("lengths", () => {
  /** Three of 0.3 s: in double precision two are 0.30000000000000004, the middle one 0.29999999999999993. */
  const annotation = "0.1\t0.4\t0\t0\n0.4\t0.7\t0\t0\n1.2\t1.5\t0\t0\n2\t4.5\t1\t0\n";
  const data = () => new CountingData(markMadeUp(writeIcbhi([{ name: "301_1b1_Al_sc_Meditron", annotation }])));

  it("are those of the annotation, so that an edge is met, and belong to the bin by its edge", () => {
    const count = (query: CountQuery) => countQuery(query, data());
    expect(0.4 - 0.1 > 0.3 && 0.7 - 0.4 < 0.3 && 1.5 - 1.2 > 0.3).toBe(true);
    expect(count({ lengthSeconds: [0.3, 1] })).toBe(3);
    expect(count({ lengthSeconds: [0.1, 0.3] })).toBe(0);
    expect(count({ lengthSeconds: [0.1, 0.3], includes: "to" })).toBe(3);
    expect(count({ lengthSeconds: [0.3, null], includes: "to" })).toBe(1);
    expect(count({ lengthSeconds: [null, 2.5] })).toBe(3);
    expect(count({ lengthSeconds: [null, 2.5], includes: "to", shareOf: "length" })).toBe(1);
    expect(count({ class: "Crackle", lengthSeconds: [null, 1], shareOf: "length" })).toBe(0);
  });

  it("are read as double precision has them where that is asked for", () => {
    const below = countQuery({ lengthSeconds: [0.1, 0.3], includes: "to" }, data(), "double precision");
    expect(below).toBe(1);
  });

  it("have a shortest, a mean, a median and a longest, and none of nothing", () => {
    const length = (which: CountQuery["length"], label?: string) =>
      countQuery({ length: which, ...(label ? { class: label } : {}) }, data());
    expect(length("shortest")).toBe(0.3);
    expect(length("median")).toBe(0.3);
    expect(length("mean")).toBeCloseTo(0.85, 12);
    expect(length("longest")).toBe(2.5);
    expect(length("mean", "Both")).toBeNull();
  });
});

describe("a query of SPRSound", () => {
  const event = (type: string, start: number, end: number): [string, number, number] => [type, start, end];
  const made = () =>
    new CountingData(
      markMadeUp(
        writeLayout([
          {
            set: "train2022",
            name: "1_5.0_0_p1_1",
            json: { record: "CAS", events: [event("Wheeze", 0, 3000), event("Normal", 3100, 6101)] },
            wav: 9,
          },
          { set: "train2022", name: "1_5.0_0_p2_2", json: { record: "Poor Quality", events: [] }, wav: 9 },
          {
            set: "train2022",
            name: "2_5.0_0_p1_3",
            json: { record: "Normal", events: [event("Normal", 0, 1000)] },
            wav: 9,
          },
          {
            set: "intra2022",
            name: "2_5.0_0_p2_4",
            json: { record: "DAS", events: [event("Fine Crackle", 0, 500)] },
            wav: 9,
          },
        ]),
        "sprsound",
      ),
    );
  const ask = (query: CountQuery) => countQuery({ dataset: "sprsound", ...query }, made());

  it("counts events, recordings by record label, and patients, those without events too", () => {
    expect(ask({})).toBe(4);
    expect(ask({ split: "train2022" })).toBe(3);
    expect(ask({ split: "train2022", class: "Adventitious" })).toBe(1);
    expect(ask({ split: "train2022", of: "recordings" })).toBe(3);
    expect(ask({ split: "train2022", of: "recordings", class: "Poor Quality" })).toBe(1);
    expect(ask({ split: "train2022", of: "recordings", class: "Adventitious" })).toBe(1);
    expect(ask({ split: "train2022", of: "patients" })).toBe(2);
    expect(ask({ split: "train2022", of: "patients", alsoIn: { split: "intra2022" } })).toBe(1);
    expect(ask({ split: "train2022", lengthSeconds: [3, null], includes: "to" })).toBe(1);
    expect(ask({ split: "train2022", class: "Wheeze", shareOf: "class" })).toBeCloseTo(1 / 3, 12);
  });

  it("says which set is not there", () => {
    expect(() => ask({ split: "test2023" })).toThrow(new NotCounted("sprsound's test2023 is not there"));
    expect(() => ask({ split: "release2022" })).toThrow("sprsound's inter2022 is not there");
  });
});
