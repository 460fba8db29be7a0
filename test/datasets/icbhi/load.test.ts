import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findIcbhi } from "../../../src/datasets/icbhi/layout.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { scanIcbhi } from "../../../src/datasets/icbhi/scan.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { FOUR_CYCLES, wholeIcbhi, writeIcbhi } from "./layoutFixture.js";

const A = "301_1b1_Al_sc_Meditron";
const B = "302_1b1_Pr_mc_AKGC417L";
const told = (dataDir: string) =>
  scanIcbhi(findIcbhi(dataDir)).problems.map(
    ({ file, line, what, severity }) => `${severity} ${file}:${line ?? "-"} ${what}`,
  );

describe("loadIcbhi", () => {
  it("reads names, cycles and sides, recordings by name", () => {
    const data = loadIcbhi(wholeIcbhi());
    expect(data.recordings).toHaveLength(22);
    const [first] = data.recordings;
    expect(first).toMatchObject({ name: A, patient: "301", device: "Meditron", mode: "sc", officialSide: "train" });
    expect(first!.cycles.map(({ label }) => label)).toEqual(["Normal", "Crackle", "Wheeze", "Both"]);
    expect(data.madeUp).toBe(false);
  });

  it("counts recordings without audio but gives them no file", () => {
    const dataDir = writeIcbhi([
      { name: A, annotation: FOUR_CYCLES },
      { name: B, annotation: FOUR_CYCLES, audio: false, apart: true },
    ]);
    const { recordings } = loadIcbhi(dataDir);
    expect(recordings.map(({ name, file }) => [name, file !== undefined])).toEqual([
      [A, true],
      [B, false],
    ]);
  });

  it("takes an annotation that is in both folders once, and refuses two that differ", () => {
    const both = [
      { name: A, annotation: FOUR_CYCLES },
      { name: A, annotation: FOUR_CYCLES, apart: true },
    ];
    expect(loadIcbhi(writeIcbhi(both)).recordings).toHaveLength(1);
    const dataDir = writeIcbhi([both[0]!, { ...both[1]!, annotation: "0\t1\t0\t0\n" }]);
    expect(() => loadIcbhi(dataDir)).toThrow(
      `annotations_all920/${A}.txt: differs from ICBHI_final_database/${A}.txt, which annotates the same recording`,
    );
  });

  it("gives wrong names of the first download their right device", () => {
    const wrong = "301_1b1_Al_sc_AKGC417L";
    const lists = { "filename_differences.txt": `'${wrong}'\n`, "ICBHI_challenge_train_test.txt": `${A}\ttrain\n` };
    const { recordings, problems } = loadIcbhi(writeIcbhi([{ name: wrong, annotation: FOUR_CYCLES }], lists));
    expect(recordings[0]).toMatchObject({ name: A, device: "Meditron", officialSide: "train" });
    expect(path.basename(recordings[0]!.file!)).toBe(`${wrong}.wav`);
    expect(problems).toEqual([]);
    // The first download and the corrected one in one folder.
    const twice = writeIcbhi(
      [wrong, A].map((name) => ({ name, annotation: FOUR_CYCLES })),
      lists,
    );
    expect(() => loadIcbhi(twice)).toThrow("is another recording of the name 301_1b1_Al_sc_Meditron");
  });

  it("matches a line of the official list without the device where nothing else fits, as the real list needs", () => {
    const lists = { "ICBHI_challenge_train_test.txt": "301_1b1_Al_sc_LittC2SE\ttest\n" };
    const { recordings, problems } = loadIcbhi(writeIcbhi([{ name: A, annotation: FOUR_CYCLES }], lists));
    expect(recordings[0]!.officialSide).toBe("test");
    expect(problems).toMatchObject([{ severity: "note", line: 1, file: "ICBHI_challenge_train_test.txt" }]);
  });

  it("tells file and line of everything wrong in one pass", () => {
    const dataDir = writeIcbhi(
      [
        { name: A, annotation: "0\t1\t0\n3\t2\t0\t0\n" },
        { name: B, annotation: FOUR_CYCLES },
        { name: "not_a_name", annotation: FOUR_CYCLES },
      ],
      {
        "ICBHI_challenge_train_test.txt": `${A}\ttrain\n999_1b1_Al_sc_Meditron\ttest\n${A}\ttest\n`,
        "patient_list_foldwise.txt": "301 0\n303 1\n304 2\n305 3\n306 4\n301 4\n",
      },
    );
    const problems = told(dataDir);
    for (const expected of [
      `error ICBHI_final_database/${A}.txt:1 has 3 columns`,
      `error ICBHI_final_database/${A}.txt:2 ends at 2 s, not after its start at 3 s`,
      "error ICBHI_final_database/not_a_name.txt:- the name is not of the form",
      "warning ICBHI_challenge_train_test.txt:2 names 999_1b1_Al_sc_Meditron, of which there is no annotation",
      `error ICBHI_challenge_train_test.txt:3 names ${A}, as line 1 does`,
      "error patient_list_foldwise.txt:6 puts patient 301 into fold 4, line 1 into fold 0: the folds leak",
      "error patient_list_foldwise.txt:- does not name patient 302, so the folds do not cover the set",
      `warning ICBHI_final_database/${B}.txt:- is not in the official split list`,
    ]) {
      expect(
        problems.some((problem) => problem.startsWith(expected)),
        `${expected}\nin\n${problems.join("\n")}`,
      ).toBe(true);
    }
    expect(() => loadIcbhi(dataDir)).toThrow(
      /cannot be used:\n {2}ICBHI_final_database\/301_1b1_Al_sc_Meditron\.txt:1: has 3/,
    );
  });

  it("finds the set in the folder itself and under other releases' folder names", () => {
    const dataDir = wholeIcbhi();
    expect(loadIcbhi(path.join(dataDir, "icbhi")).recordings).toHaveLength(22);
    const kaggle = mkdtempSync(path.join(tmpdir(), "auscult-icbhi-"));
    cpSync(path.join(dataDir, "icbhi", "ICBHI_final_database"), path.join(kaggle, "audio_and_txt_files"), {
      recursive: true,
    });
    expect(loadIcbhi(kaggle).recordings).toHaveLength(22);
    const flat = path.join(dataDir, "icbhi", "ICBHI_final_database");
    expect(loadIcbhi(flat).recordings).toHaveLength(22);
  });

  it("says where it looked when there is nothing", () => {
    const empty = mkdtempSync(path.join(tmpdir(), "auscult-icbhi-"));
    expect(() => loadIcbhi(empty)).toThrow(/no ICBHI annotations in .*the folder is empty.*ICBHI_final_database/);
    expect(() => loadIcbhi(path.join(empty, "nowhere"))).toThrow("there is no such folder");
  });

  it("survives folders where files belong and links in circles", () => {
    const dataDir = writeIcbhi([{ name: B, annotation: FOUR_CYCLES }]);
    const base = path.join(dataDir, "icbhi", "ICBHI_final_database");
    mkdirSync(path.join(base, `${A}.txt`));
    symlinkSync(path.join(base, "303_1b1_Al_sc_Meditron.txt"), path.join(base, "303_1b1_Al_sc_Meditron.txt"));
    symlinkSync(path.join(dataDir, "icbhi"), path.join(base, "loop"));
    symlinkSync("annotations_all920", path.join(dataDir, "icbhi", "annotations_all920"));
    const problems = told(dataDir);
    expect(problems).toEqual([
      "error annotations_all920:- is a symbolic link that leads in a circle",
      "error ICBHI_final_database/301_1b1_Al_sc_Meditron.txt:- is a folder where a file was expected",
      "error ICBHI_final_database/303_1b1_Al_sc_Meditron.txt:- is a symbolic link that leads in a circle",
    ]);
  });

  it("refuses corrections that cannot be read, and a list in the split that needs it", () => {
    const corrections = writeIcbhi([{ name: A, annotation: FOUR_CYCLES }]);
    mkdirSync(path.join(corrections, "icbhi", "filename_differences.txt"));
    expect(() => loadIcbhi(corrections)).toThrow("filename_differences.txt: is a folder where a file was expected");
    const official = writeIcbhi([{ name: A, annotation: FOUR_CYCLES }]);
    mkdirSync(path.join(official, "icbhi", "ICBHI_challenge_train_test.txt"));
    expect(() => icbhiSplit(loadIcbhi(official), "official", "published")).toThrow(
      "ICBHI_challenge_train_test.txt: is a folder where a file was expected",
    );
  });

  it("has a digest that follows names, cycles and sounds, not folders", () => {
    const recordings = [A, B].map((name) => ({ name, annotation: FOUR_CYCLES }));
    const first = writeIcbhi(recordings);
    const digest = loadIcbhi(first).digest;
    expect(loadIcbhi(writeIcbhi(recordings)).digest).toBe(digest);
    appendFileSync(path.join(first, "icbhi", "ICBHI_final_database", `${A}.txt`), "1.0\t1.1\t0\t0\n");
    expect(loadIcbhi(first).digest).not.toBe(digest);
    const third = writeIcbhi(recordings);
    rmSync(path.join(third, "icbhi", "ICBHI_final_database", `${A}.wav`));
    expect(loadIcbhi(third).digest).not.toBe(digest);
    writeFileSync(path.join(third, "icbhi", "ICBHI_final_database", `${A}.wav`), "another sound");
    expect(loadIcbhi(third).digest).not.toBe(digest);
  });
});
