import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { ICBHI_SPLIT_NAMES, parseIcbhiSplit } from "../../../src/datasets/icbhi/splitName.js";
import { patientsOf } from "../../../src/datasets/split.js";
import { wholeIcbhi } from "./layoutFixture.js";

const data = loadIcbhi(wholeIcbhi());
const opened = (split: ReturnType<typeof icbhiSplit>) => split.tests.test.open("test", () => {});

describe("icbhiSplit", () => {
  it("follows the official list by recording, and names who is on both sides", () => {
    const split = icbhiSplit(data, "official", "published");
    const test = opened(split);
    expect(new Set(test.map(({ recording }) => recording))).toContain("301_2b1_Pr_mc_Meditron");
    expect(new Set(split.train.map(({ recording }) => recording))).toContain("301_1b1_Al_sc_Meditron");
    expect(split.select).toEqual([]);
    expect(split.train.length + test.length).toBe(22 * 4);
    expect(split.leaks).toEqual(["2 of the 9 patients of test are also in train: 301, 302 (8 of its 36 cycles)."]);
  });

  it("drops whoever is tested from honest training and leaves the test set alone", () => {
    const split = icbhiSplit(data, "official", "honest");
    const patients = patientsOf([...split.train, ...split.select]);
    expect(patients.has("301")).toBe(false);
    for (const { patient } of opened(split)) expect(patients.has(patient)).toBe(false);
    expect(split.tests.test.digest).toBe(icbhiSplit(data, "official", "published").tests.test.digest);
    expect(split.leaks).toEqual([]);
    expect(split.describe).toContain(
      "Left out of training, since they are tested too: patients 301, 302 (2 recordings, 8 cycles).",
    );
    const select = patientsOf(split.select);
    for (const { patient } of split.train) expect(select.has(patient)).toBe(false);
    expect(select.size).toBeGreaterThan(0);
  });

  it("reads the official list by patient under the name that says so", () => {
    const split = icbhiSplit(data, "official-patient-leak", "published");
    // 301 and 302 with both recordings on both sides: 15 and 11 recordings of four cycles.
    expect([split.train.length, split.tests.test.count]).toEqual([15 * 4, 11 * 4]);
    expect(split.overlaps.map(({ what, shared, items }) => [what, shared, items])).toEqual([
      ["patients", 2, 16],
      ["recordings", 4, 16],
      ["items", 16, 16],
    ]);
  });

  it.each([0, 1, 2, 3, 4])("tests the patients of fold %i", (fold) => {
    const split = icbhiSplit(data, `fold${fold}`, "published");
    expect(patientsOf(opened(split))).toEqual(
      new Set([...Array(20).keys()].filter((i) => i % 5 === fold).map((i) => String(301 + i))),
    );
    expect(split.leaks).toEqual([]);
    expect(split.train.length + split.tests.test.count).toBe(88);
  });

  it.each([
    ["random-cycle-80-20", 70],
    ["random-cycle-70-30", 62],
  ])("draws %s stratified by class with a seed that is reported", (name, size) => {
    const split = icbhiSplit(data, name, "published");
    expect(split.train).toHaveLength(size);
    expect(
      Math.max(...Object.values(split.counts.train)) - Math.min(...Object.values(split.counts.train)),
    ).toBeLessThan(2);
    expect(split.seed).toBe(1);
    expect(split.leaks.length).toBeGreaterThan(0);
    expect(split.digest).toBe(icbhiSplit(data, name, "published").digest);
    expect(() => icbhiSplit(data, name, "honest")).toThrow("exists under --protocol published only");
  });

  it("keeps patients together in patient-70-30", () => {
    const split = icbhiSplit(data, "patient-70-30", "published");
    expect(split.leaks).toEqual([]);
    expect(split.seed).toBe(20);
    expect(patientsOf(opened(split)).size).toBe(6);
  });

  it("trains on one device, or on all others and tests on it", () => {
    const only = icbhiSplit(data, "device-only:AKGC417L", "published");
    expect(new Set(only.train.map(({ device }) => device))).toEqual(new Set(["AKGC417L"]));
    expect(only.tests.test.count).toBe(icbhiSplit(data, "official", "published").tests.test.count);
    const excluded = icbhiSplit(data, "device-excluded:AKGC417L@all", "published");
    expect(excluded.train.some(({ device }) => device === "AKGC417L")).toBe(false);
    expect(new Set(opened(excluded).map(({ device }) => device))).toEqual(new Set(["AKGC417L"]));
    expect(
      opened(icbhiSplit(data, "device-excluded:AKGC417L@fold2", "published")).every(
        ({ device }) => device === "AKGC417L",
      ),
    ).toBe(true);
  });

  it("drops patients of two devices from training, or keeps and names them", () => {
    const dropped = icbhiSplit(data, "device-excluded:AKGC417L@all", "published");
    expect(dropped.leaks).toEqual([]);
    expect(dropped.describe.join()).toContain("since they are tested too: patient 302 (1 recordings, 4 cycles)");
    const kept = icbhiSplit(data, "device-excluded:AKGC417L@all", "published", { twoDevicePatients: "keep" });
    expect(kept.train).toHaveLength(dropped.train.length + 4);
    expect(kept.leaks).toEqual(["1 of the 7 patients of test are also in train: 302 (4 of its 28 cycles)."]);
  });

  it("has the same hold-out whatever has audio, and counts what has none", () => {
    const whole = icbhiSplit(data, "fold0", "honest");
    const part = icbhiSplit(data, "fold0", "honest", {
      fileOf: ({ file, device }) => (device === "LittC2SE" ? undefined : file),
    });
    const select = patientsOf(whole.select);
    for (const { patient } of part.select) expect(select.has(patient)).toBe(true);
    for (const { patient } of part.train) expect(select.has(patient)).toBe(false);
    expect(part.absent).toEqual({
      train: whole.train.length - part.train.length,
      select: whole.select.length - part.select.length,
      test: whole.tests.test.count - part.tests.test.count,
    });
    expect(part.absent!.train).toBeGreaterThan(0);
    expect(whole.absent).toBeUndefined();
  });

  it("maps two classes onto four", () => {
    const split = icbhiSplit(data, "fold0", "published", { classes: 2 });
    expect(split.counts.train).toEqual({ Normal: 17, Abnormal: 51 });
    expect(split.name).toBe("icbhi/fold0/2-class/published");
  });

  it("refuses names, lists and sides that do not exist", () => {
    expect(() => parseIcbhiSplit("fold5")).toThrow('unknown split "fold5" of icbhi; the splits are official');
    expect(() => parseIcbhiSplit("device-only:Nokia")).toThrow(
      "the devices are AKGC417L, Meditron, LittC2SE, Litt3200",
    );
    expect(() => parseIcbhiSplit("device-only:Meditron@nowhere")).toThrow('unknown base "nowhere"');
    expect(() => icbhiSplit(data, "device-only:Litt3200", "published")).toThrow("the train side is empty");
    expect(() => icbhiSplit(data, "fold0", "published", { fileOf: () => undefined })).toThrow(
      "68 cycles have no audio here",
    );
    for (const name of ICBHI_SPLIT_NAMES) expect(() => parseIcbhiSplit(name)).not.toThrow();

    const dataDir = wholeIcbhi();
    writeFileSync(path.join(dataDir, "icbhi", "patient_list_foldwise.txt"), "301 0\n301 1\n302 2\n303 3\n304 4\n");
    expect(() => icbhiSplit(loadIcbhi(dataDir), "fold0", "published")).toThrow(
      /cannot be used:\n.*foldwise\.txt:2: puts patient 301/,
    );
    expect(icbhiSplit(loadIcbhi(dataDir), "official", "published").train.length).toBeGreaterThan(0);
  });
});
