import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { checkDataset } from "../../../src/datasets/check.js";
import { checkIcbhi } from "../../../src/datasets/icbhi/check.js";
import { icbhiCheckTable } from "../../../src/datasets/icbhi/checkTable.js";
import { problemText } from "../../../src/datasets/problem.js";
import { asNobodyAsync } from "../asNobody.js";
import { FOUR_CYCLES, wholeIcbhi, writeIcbhi } from "./layoutFixture.js";

const A = "301_1b1_Al_sc_Meditron";
const B = "302_1b1_Tc_mc_Litt3200";
const C = "303_1b1_Pr_sc_LittC2SE";

/** Three recordings with sounds of their own, one of them apart and without sound, and the lists that splits need. */
function threeRecordings(
  changes: { annotation?: string; wav?: Uint8Array; lists?: Record<string, string> } = {},
): string {
  const dataDir = writeIcbhi(
    [
      { name: A, annotation: changes.annotation ?? FOUR_CYCLES },
      { name: B, annotation: FOUR_CYCLES },
      { name: C, annotation: "0\t0.5\t0\t1\n", audio: false, apart: true },
    ],
    {
      "ICBHI_challenge_train_test.txt": `${A}\ttrain\n${B}\ttest\n${C}\ttrain\n`,
      "patient_list_foldwise.txt": "301 0\n302 1\n303 2\n304 3\n305 4\n",
      "patient_diagnosis.csv": "301,COPD\n302,Healthy\n303,COPD\n",
      ...changes.lists,
    },
  );
  writeFileSync(wavOf(dataDir, A), changes.wav ?? tone(1, 44100));
  writeFileSync(wavOf(dataDir, B), tone(2, 4000));
  return dataDir;
}

const base = (dataDir: string) => path.join(dataDir, "icbhi", "ICBHI_final_database");
const wavOf = (dataDir: string, name: string) => path.join(base(dataDir), `${name}.wav`);

function tone(variant: number, sampleRateHz: number, change: (samples: Float32Array) => void = () => {}): Uint8Array {
  const samples = Float32Array.from({ length: sampleRateHz }, (_, i) => 0.5 * Math.sin(0.1 * variant * i));
  change(samples);
  return encodeWav(samples, sampleRateHz);
}

async function told(dataDir: string): Promise<string[]> {
  const { problems } = await checkIcbhi(dataDir);
  return problems.map((problem) => `${problem.severity}: ${problemText(problem)}`);
}

describe("checkIcbhi", () => {
  it("finds nothing in a sound data set, and counts it by side, fold and device, audio apart", async () => {
    const { bySplit, byDevice, audio, ...check } = await checkIcbhi(threeRecordings());
    const four = { Normal: 1, Crackle: 1, Wheeze: 1, Both: 1 };
    expect(check).toEqual({
      name: "icbhi",
      madeUp: false,
      recordings: 3,
      patients: 3,
      events: 9,
      byClass: { Normal: 2, Crackle: 2, Wheeze: 3, Both: 2 },
      withAudio: {
        recordings: 2,
        patients: 2,
        events: 8,
        byClass: { Normal: 2, Crackle: 2, Wheeze: 2, Both: 2 },
        durationSeconds: 2,
      },
      byDiagnosis: expect.objectContaining({ COPD: 2, Healthy: 1, Asthma: 0 }),
      problems: [],
    });
    expect(audio).toMatchObject({ read: true, files: 2, bytes: 2 * 44 + 2 * (44100 + 4000) });
    expect(bySplit.officialTrain).toMatchObject({ recordings: 2, events: 5, withAudio: { recordings: 1, events: 4 } });
    expect(bySplit.officialTest).toMatchObject({ recordings: 1, byClass: four });
    expect(bySplit.fold2).toMatchObject({ patients: 1, events: 1, withAudio: { patients: 0, durationSeconds: 0 } });
    expect(bySplit.fold3).toMatchObject({ patients: 0 });
    expect(byDevice.LittC2SE).toMatchObject({ recordings: 1, withAudio: { recordings: 0 } });
    expect(byDevice.Meditron.formats).toEqual({ "44100 Hz, 16 bits": 1 });
    expect(byDevice.AKGC417L).toMatchObject({ recordings: 0, events: 0 });
  });

  it("opens no recording without audio, and says so", async () => {
    const dataDir = threeRecordings({ wav: Buffer.from("no sound") });
    const check = await checkIcbhi(dataDir, { audio: false });
    expect(check.audio).toEqual({ read: false });
    expect(check.problems).toEqual([]);
    expect(check.withAudio).not.toHaveProperty("durationSeconds");
    expect(icbhiCheckTable(check)).toContain("The sounds were not read: annotations and lists only.");
    expect((await checkIcbhi(dataDir)).problems).toMatchObject([{ severity: "error" }]);
  });

  it.each([
    [
      "a cycle that starts beyond the sound",
      { annotation: `${FOUR_CYCLES}1.5\t1.9\t0\t0\n` },
      `error: ICBHI_final_database/${A}.txt:5: the cycle starts at 1.5 s, beyond the recording of 1 s`,
    ],
    [
      "a cycle that ends beyond the sound",
      { annotation: "0\t1.5\t0\t0\n" },
      `warning: ICBHI_final_database/${A}.txt:1: the cycle ends at 1.5 s, beyond the recording of 1 s, where it is cut`,
    ],
    [
      "a cycle that is too short",
      { annotation: "0\t0.25\t0\t0\n0.25\t0.26\t0\t0\n" },
      `warning: ICBHI_final_database/${A}.txt:2: the cycle lasts 0.01 s; those of the release last 0.2 to 16.2 s`,
    ],
    [
      "cycles that overlap",
      { annotation: "0\t0.5\t0\t0\n0.4\t0.8\t0\t0\n" },
      `warning: ICBHI_final_database/${A}.txt:2: the cycle at 0.4 s begins before the one of line 1 ends, at 0.5 s`,
    ],
    [
      "three columns",
      { annotation: "0\t0.5\t0\n" },
      `error: ICBHI_final_database/${A}.txt:1: has 3 columns ("0 0.5 0"); expected four`,
    ],
    [
      "a rate that the device has not",
      { wav: tone(1, 11025) },
      `note: ICBHI_final_database/${A}.wav: 11025 Hz; recordings of Meditron are published with 44100, 10000, 4000 Hz`,
    ],
    [
      "a rate too low to hold what is used",
      { wav: tone(1, 2000) },
      `warning: ICBHI_final_database/${A}.wav: 2000 Hz; recordings of Meditron`,
    ],
    [
      "the same sound on both sides",
      { wav: tone(2, 4000) },
      `warning: ICBHI_final_database/${B}.wav: is the same sound as ICBHI_final_database/${A}.wav, byte for byte; across splits: official side test here, train there; fold 1 here, 0 there`,
    ],
    [
      "clipping",
      { wav: tone(1, 44100, (x) => x.fill(0.75, 100, 520).fill(-0.75, 600, 1020)) },
      `warning: ICBHI_final_database/${A}.wav: is clipped: 1.9 % of its samples stand in runs of 3 or more at its highest or lowest value, the longest 0.0095 s (told from 0.1 % on)`,
    ],
    [
      "digital silence",
      { wav: tone(1, 4000, (x) => x.fill(0, 1000, 3500)) },
      `warning: ICBHI_final_database/${A}.wav: holds digital silence: 0.63 s of zeros at a stretch, 63 % of it in all (told from 0.5 s on)`,
    ],
    [
      "nothing but silence",
      { wav: tone(0, 4000) },
      `warning: ICBHI_final_database/${A}.wav: is silent: every sample is zero`,
    ],
    [
      "a DC offset",
      { wav: tone(1, 44100, (x) => x.set(x.map((value) => value + 0.125))) },
      `warning: ICBHI_final_database/${A}.wav: has a DC offset: its mean is 0.13 of full scale (told from 0.01 on)`,
    ],
    [
      "a quiet recording",
      { wav: tone(1, 44100, (x) => x.set(x.map((value) => value / 128))) },
      `note: ICBHI_final_database/${A}.wav: is quiet: its peak is 0.0039 of full scale (told from 0.01 down)`,
    ],
    [
      "a page in the place of a sound",
      { wav: Buffer.from("<html>") },
      `error: ICBHI_final_database/${A}.wav: the file ends after 6 bytes, within its header`,
    ],
    [
      "an age that nobody reaches",
      { lists: { "demographic_info.txt": "301 300 F NA NA NA\n302 5 M NA 20 110\n303 70 F 25 NA NA\n" } },
      "warning: demographic_info.txt:1: ageYears of patient 301 is 300; 0 to 110 would be plausible",
    ],
    [
      "a patient in no fold",
      { lists: { "patient_list_foldwise.txt": "301 0\n302 1\n304 2\n305 3\n306 4\n" } },
      "error: patient_list_foldwise.txt: does not name patient 303, so the folds do not cover the set",
    ],
    [
      "a fold list that leaks",
      { lists: { "patient_list_foldwise.txt": "301 0\n302 1\n303 2\n301 3\n305 4\n304 3\n" } },
      "error: patient_list_foldwise.txt:4: puts patient 301 into fold 3, line 1 into fold 0: the folds leak",
    ],
  ])("reports %s", async (_, changes, problem) => {
    expect(await told(threeRecordings(changes))).toEqual([expect.stringContaining(problem)]);
  });

  it("tells lists that are missing", async () => {
    const dataDir = threeRecordings();
    for (const name of ["ICBHI_challenge_train_test.txt", "patient_list_foldwise.txt"]) {
      rmSync(path.join(dataDir, "icbhi", name));
    }
    expect(await told(dataDir)).toEqual([
      "warning: ICBHI_challenge_train_test.txt: is missing, so the official split cannot be made",
      "warning: patient_list_foldwise.txt: is missing, so the folds cannot be made",
    ]);
    expect((await checkIcbhi(dataDir)).bySplit).toEqual({});
  });

  it("goes on over folders and links where files belong, and over what may not be read", async () => {
    const dataDir = threeRecordings();
    mkdirSync(wavOf(dataDir, C));
    symlinkSync("round.wav", path.join(base(dataDir), "round.wav"));
    symlinkSync(base(dataDir), path.join(base(dataDir), "inside"));
    rmSync(path.join(dataDir, "icbhi", "patient_diagnosis.csv"));
    symlinkSync("patient_diagnosis.csv", path.join(dataDir, "icbhi", "patient_diagnosis.csv"));
    for (const name of ["", "icbhi", "icbhi/annotations_all920", "icbhi/ICBHI_final_database"]) {
      chmodSync(path.join(dataDir, name), 0o755);
    }
    for (const file of [wavOf(dataDir, A), path.join(base(dataDir), `${B}.txt`)]) chmodSync(file, 0);
    const denied = "may not be read (permission denied); give yourself read access, such as with chmod u+r";
    expect((await asNobodyAsync(() => told(dataDir))).sort()).toEqual([
      `error: ICBHI_final_database/${A}.wav: ${denied}`,
      `error: ICBHI_final_database/${B}.txt: ${denied}`,
      `error: ICBHI_final_database/${C}.wav: is a folder where a file was expected`,
      "error: patient_diagnosis.csv: is a symbolic link that leads in a circle",
      `warning: ICBHI_challenge_train_test.txt:2: names ${B}, of which there is no annotation`,
      `warning: ICBHI_final_database/${B}.wav: has no annotation (.txt of the same name), so it is not used`,
      "warning: ICBHI_final_database/round.wav: has no annotation (.txt of the same name), so it is not used",
    ]);
    chmodSync(base(dataDir), 0);
    const closed = await asNobodyAsync(() => told(dataDir));
    chmodSync(base(dataDir), 0o755);
    expect(closed).toContain(`error: ICBHI_final_database: ${denied}`);
  });

  it("tells the same note about many files once", async () => {
    const { problems } = await checkIcbhi(
      writeIcbhi([A, B, C].map((name) => ({ name, annotation: FOUR_CYCLES.replaceAll("\n", "\r\n") }))),
      { audio: false },
    );
    expect(problems.filter(({ severity }) => severity === "note")).toMatchObject([{ count: 3, line: 1 }]);
  });
});

describe("the table of checkIcbhi", () => {
  it("shows sides, folds and devices, and audio apart", async () => {
    const text = (await checkDataset("icbhi", threeRecordings())).text.split("\n");
    expect(text.slice(2, 8)).toEqual([
      "                all  official train  official test  fold 0  fold 1  fold 2  fold 3  fold 4",
      "recordings        3               2              1       1       1       1       0       0",
      "  with audio      2               1              1       1       1       0       0       0",
      "patients          3               2              1       1       1       1       0       0",
      "  with audio      2               1              1       1       1       0       0       0",
      "cycles            9               5              4       4       4       1       0       0",
    ]);
    expect(text).toContain("Part of the data: 2 of 3 recordings (8 of 9 cycles) have audio.");
    expect(text).toContain("Litt3200: 1 of 4000 Hz, 16 bits");
    expect(text).toContain("patients by diagnosis: COPD 2, Healthy 1");
  });

  it("leaves out what is the same where every recording has audio", async () => {
    const { text } = await checkDataset("icbhi", wholeIcbhi(), { audio: false });
    expect(text).not.toMatch(/with audio|Part of the data|minutes/);
  });
});
