import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/audio/wav.js";
import { deviceFormat } from "../../../src/datasets/demo/device.js";
import { filterInPlace } from "../../../src/datasets/demo/filter.js";
import { writeIcbhiDemo } from "../../../src/datasets/demo/icbhi.js";
import { checkIcbhi } from "../../../src/datasets/icbhi/check.js";
import { CHEST_LOCATIONS, CYCLE_LABELS, ICBHI_DEVICES, type IcbhiDevice } from "../../../src/datasets/icbhi/labels.js";
import { type Icbhi, loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import type { IcbhiRecording } from "../../../src/datasets/icbhi/recording.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { ICBHI_SPLIT_NAMES } from "../../../src/datasets/icbhi/splitName.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";

function classesOf(recordings: readonly IcbhiRecording[]): string[] {
  const seen = new Set(recordings.flatMap(({ cycles }) => cycles.map(({ label }) => label)));
  return CYCLE_LABELS.filter((label) => seen.has(label));
}

describe("writeIcbhiDemo", () => {
  const folder = temporaryFolder();
  const root = path.join(folder, "icbhi");
  const written = writeIcbhiDemo(root, { seed: 5 });
  const data: Icbhi = loadIcbhi(folder);
  const text = (name: string) => readFileSync(path.join(root, name), "utf8");
  const names = new Set(data.recordings.map(({ name }) => name));

  it("passes the loader and the check with nothing worse than notes, and says that it is made up", async () => {
    expect(data.madeUp).toBe(true);
    expect(text("MADE_UP.txt")).toContain("made up");
    expect(data.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
    const check = await checkIcbhi(folder);
    expect(check.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(check).toMatchObject({ recordings: 108, patients: 41, events: written.cycles, madeUp: true });
    const side = (one: string) => data.recordings.filter(({ officialSide }) => officialSide === one).length;
    expect(written).toEqual({
      recordings: 108,
      patients: 41,
      cycles: data.recordings.reduce((sum, { cycles }) => sum + cycles.length, 0),
      bySide: { train: side("train"), test: side("test") },
    });
    expect(written.bySide.train + written.bySide.test).toBe(108);
  });

  it("has all four classes for each device, fold and side, but LittC2SE on the training side only", () => {
    for (const device of ICBHI_DEVICES) {
      for (const side of ["train", "test"] as const) {
        const some = data.recordings.filter((one) => one.device === device && one.officialSide === side);
        const expected = device === "LittC2SE" && side === "test" ? [] : [...CYCLE_LABELS];
        expect(classesOf(some), `${device} ${side}`).toEqual(expected);
      }
    }
    const { folds } = data.lists.folds!;
    for (const fold of [0, 1, 2, 3, 4]) {
      const some = data.recordings.filter(({ patient }) => folds.get(patient)?.fold === fold);
      expect(classesOf(some), `fold ${fold}`).toEqual([...CYCLE_LABELS]);
      expect(new Set(some.map(({ device }) => device)).size, `devices of fold ${fold}`).toBeGreaterThan(1);
    }
    expect(new Set(data.recordings.map(({ chestLocation }) => chestLocation))).toEqual(new Set(CHEST_LOCATIONS));
    // As in the real set: AKGC417L only mc, Meditron and Litt3200 only sc, one LittC2SE recording sc.
    const single = data.recordings.filter(({ mode, device }) => mode === "sc" && device === "LittC2SE");
    expect(single).toHaveLength(1);
    for (const { device, mode } of data.recordings.filter((one) => one.device !== "LittC2SE")) {
      expect(mode).toBe(device === "AKGC417L" ? "mc" : "sc");
    }
  });

  it("has the official list with its two traps: a patient on both sides, a line with another device", () => {
    const lines = text("ICBHI_challenge_train_test.txt").split("\r\n");
    expect(lines.pop()).toBe("");
    expect(lines).toHaveLength(108);
    const listed = lines.map((line) => line.split("\t") as [string, string]);
    const strays = listed.filter(([name]) => !names.has(name));
    expect(strays).toHaveLength(1);
    const [stray, side] = strays[0]!;
    expect([stray.slice(-8), side]).toEqual(["Meditron", "train"]);
    expect(names.has(`${stray.slice(0, -8)}LittC2SE`)).toBe(true);

    const sides = new Map<string, Set<string>>();
    for (const [name, one] of listed) {
      const patient = name.slice(0, 3);
      sides.set(patient, (sides.get(patient) ?? new Set()).add(one));
    }
    const both = [...sides].filter(([, of]) => of.size === 2).map(([patient]) => patient);
    expect(both).toHaveLength(1);
    expect(icbhiSplit(data, "official", "published").leaks.join()).toContain(both[0]);
    expect(icbhiSplit(data, "official", "honest").leaks).toEqual([]);
  });

  it("has two patients with two devices, and files that carry the wrong device still", () => {
    const devices = new Map<string, Set<IcbhiDevice>>();
    for (const { patient, device } of data.recordings) {
      devices.set(patient, (devices.get(patient) ?? new Set()).add(device));
    }
    expect([...devices.values()].filter((of) => of.size === 2)).toHaveLength(2);

    const wrong = text("filename_differences.txt").trim().split("\n");
    expect(wrong).toHaveLength(6);
    for (const line of wrong) expect(line).toMatch(/^'3\d\d_\w+_(AKGC417L|LittC2SE)'$/);
    const onDisk = new Set(readdirSync(path.join(root, "ICBHI_final_database")).map((file) => file.slice(0, -4)));
    const still = wrong.map((line) => line.slice(1, -1)).filter((name) => onDisk.has(name));
    expect(still).toHaveLength(2);
    for (const name of still) expect(names.has(`${name.slice(0, -8)}Meditron`)).toBe(true);
  });

  it("has lists in the odd forms of the real ones", () => {
    const folds = text("patient_list_foldwise.txt").trimEnd().split("\n");
    expect(folds).toHaveLength(41);
    expect(folds.every((line) => /^3\d\d [0-4]$/.test(line))).toBe(true);
    expect(text("patient_diagnosis.csv").split("\n")[0]).toBe("ID,CLASS");
    const facts = text("demographic_info.txt");
    expect(facts).toMatch(/^\n3\d\d /);
    expect(facts).not.toMatch(/\n$/);
    expect(facts).toMatch(/\n3\d\d NA NA NA NA NA\n/);
    for (const line of facts.slice(1).split("\n")) {
      // Body-mass index for adults, weight and height for children, as in the real list.
      expect(line).toMatch(/^3\d\d (\S+ [FM] ([\d.]+ NA NA|NA [\d.]+ \d+)|NA NA NA NA NA)$/);
    }
    expect(data.lists.diagnoses!.patients.size).toBe(41);
    // No made-up patient has the number of a real one (101 to 226).
    for (const { patient } of data.recordings) expect(Number(patient)).toBeGreaterThan(300);
  });

  it("has cycles that follow one another within their recording, in files of the device's formats", () => {
    const formats = new Map<IcbhiDevice, Set<string>>();
    for (const { name, file, annotationFile, device, cycles } of data.recordings) {
      const { frames, sampleRateHz, bitsPerSample, channels, warnings } = decodeWav(readFileSync(file!), name);
      expect([channels, warnings]).toEqual([1, []]);
      formats.set(device, (formats.get(device) ?? new Set()).add(`${sampleRateHz}/${bitsPerSample}`));
      expect(readFileSync(annotationFile, "utf8")).toMatch(/^([\d.]+\t[\d.]+\t[01]\t[01]\n)+$/);
      cycles.forEach(({ startSeconds, endSeconds }, i) => {
        if (i > 0) expect(startSeconds).toBe(cycles[i - 1]!.endSeconds);
        expect(endSeconds - startSeconds).toBeGreaterThan(1);
        expect(endSeconds).toBeLessThan(frames / sampleRateHz);
      });
    }
    const fromZero = data.recordings.filter(({ cycles }) => cycles[0]!.startSeconds === 0);
    expect(fromZero.length).toBeGreaterThan(0);
    expect(new Set(fromZero.map(({ device }) => device))).toEqual(new Set(["Litt3200"]));
    expect(formats.get("Litt3200")).toEqual(new Set(["4000/16"]));
    expect(formats.get("Meditron")).toEqual(new Set(["4000/16", "10000/16", "11025/16", "44100/24"]));
    expect(deviceFormat("Litt3200", 7)).toEqual({ sampleRateHz: 4000, bitsPerSample: 16 });
  });

  it("gives each device its own band", () => {
    // Share of the power above 1200 Hz, by device, over recordings that can hold it.
    const share = (device: IcbhiDevice) => {
      const shares = data.recordings
        .filter((one) => one.device === device)
        .flatMap(({ file, name }) => {
          const { samples, sampleRateHz } = decodeWav(readFileSync(file!), name);
          return sampleRateHz > 20000 ? [] : [powerShareAbove(samples, sampleRateHz, 1200)];
        });
      return shares.reduce((sum, one) => sum + one, 0) / shares.length;
    };
    expect(share("AKGC417L")).toBeGreaterThan(2 * share("LittC2SE"));
    expect(share("AKGC417L")).toBeGreaterThan(2 * share("Litt3200"));
  });

  it("works with every split and both protocols", () => {
    for (const name of ICBHI_SPLIT_NAMES) {
      const published = () => icbhiSplit(data, name, "published");
      if (name === "device-excluded:LittC2SE") {
        expect(published).toThrow("none in the official test set");
        continue;
      }
      for (const classes of [4, 2] as const) {
        expect(Math.min(...Object.values(published().counts.train)), name).toBeGreaterThan(0);
        if (/random-cycle|patient-leak/.test(name)) continue;
        const { counts, leaks } = icbhiSplit(data, name, "honest", { classes });
        expect(leaks).toEqual([]);
        for (const of of [counts.train, counts.select]) expect(Math.min(...Object.values(of)), name).toBeGreaterThan(0);
      }
    }
  });
});

/** By a filter whose gain is known in closed form, see sounds.test.ts. */
function powerShareAbove(samples: Float32Array, sampleRateHz: number, hz: number): number {
  const power = (some: Float32Array) => some.reduce((sum, x) => sum + x * x, 0);
  return power(filterInPlace(samples.slice(), "high-pass", hz, sampleRateHz)) / power(samples);
}
