import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { scanAudio } from "../../src/datasets/audioScan.js";
import { parseIcbhiAnnotation } from "../../src/datasets/icbhi/annotation.js";
import { checkIcbhi } from "../../src/datasets/icbhi/check.js";
import { parseCorrections } from "../../src/datasets/icbhi/corrections.js";
import { parseDemographics } from "../../src/datasets/icbhi/demographics.js";
import { parseDiagnoses } from "../../src/datasets/icbhi/diagnoses.js";
import { parseFoldList } from "../../src/datasets/icbhi/foldList.js";
import { loadIcbhi } from "../../src/datasets/icbhi/load.js";
import { parseSplitList } from "../../src/datasets/icbhi/splitList.js";
import { AnnotationError, parseSprSoundAnnotation } from "../../src/datasets/sprsound/annotation.js";
import { checkSprSound } from "../../src/datasets/sprsound/check.js";
import { loadSprSound } from "../../src/datasets/sprsound/load.js";
import { Streams } from "../../src/random/streams.js";
import { UserError } from "../../src/userError.js";
import { FOUR_CYCLES, writeIcbhi } from "./icbhi/layoutFixture.js";
import { mutations } from "./mutations.js";
import { soundLayout, temporaryFolder, writeLayout } from "./sprsound/layoutFixture.js";

// A reader that hangs is told by the time limit of the test.

const JSON_TEXT = `{
  "record_annotation": "CAS & DAS",
  "event_annotation": [
    {"start": "1180", "end": "2044", "type": "Wheeze"},
    {"start": "2044", "end": "3100", "type": "Fine Crackle"},
    {"start": "3100", "end": "3900", "type": "Normal"}
  ]
}
`;
const NAMES = ["301_1b1_Al_sc_Meditron", "302_1b1_Tc_mc_Litt3200", "303_1b1_Pr_sc_LittC2SE"];
const LISTS = {
  "ICBHI_challenge_train_test.txt": NAMES.map((name, i) => `${name}\t${i ? "train" : "test"}\r\n`).join(""),
  "patient_list_foldwise.txt": "301 0\n302 1\n303 2\n304 3\n305 4\n",
  "filename_differences.txt": "'301_1b1_Al_sc_AKGC417L'\n'302_1b1_Tc_mc_LittC2SE'\n",
  "demographic_info.txt": "\n301 3 F NA 19 99\n302 0.75 M NA 9.8 73\n303 70 F 28.47 NA NA\n",
  "patient_diagnosis.csv": "ID,CLASS\n301,URTI\n302,Healthy\n303,COPD\n",
};

const lineCount = (text: string) => text.split(/\r\n|\n|\r/).length;

describe("mutated annotations and lists", () => {
  it("of SPRSound are read, or refused with a line of the file", () => {
    let refused = 0;
    for (const text of mutations(JSON_TEXT, 6000, 1)) {
      try {
        parseSprSoundAnnotation(text);
      } catch (error) {
        expect(error, JSON.stringify(text)).toBeInstanceOf(AnnotationError);
        const { message, line } = error as AnnotationError;
        expect(message.length).toBeGreaterThan(5);
        expect(message.length).toBeLessThan(300);
        expect(line, `${message} ${JSON.stringify(text)}`).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lineCount(text));
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(3000);
  });

  it("of SPRSound may be nested deeper than any stack", () => {
    const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(() => parseSprSoundAnnotation(nested)).toThrow(AnnotationError);
    for (const text of [
      `{"record_annotation": ${nested}, "event_annotation": []}`,
      `{"record_annotation": "CAS",\n"event_annotation": [\n{"type": ${nested}}]}`,
      `{"record_annotation": "CAS",\n"event_annotation": [\n${nested}]}`,
    ]) {
      const line = text.split("\n").findIndex((row) => row.includes("[[[")) + 1;
      expect(() => parseSprSoundAnnotation(text)).toThrow(expect.objectContaining({ name: "AnnotationError", line }));
    }
  });

  // What a whole file lacks has no line.
  const WHOLE_FILE = /^holds no cycles|^has no patient in fold|^holds [\d,]+ characters/;
  it.each([
    ["annotation", parseIcbhiAnnotation, `${FOUR_CYCLES}1.0\t2.0\t0\t0\n2.0 3.25 1 0\r\n`],
    ["split list", parseSplitList, LISTS["ICBHI_challenge_train_test.txt"]],
    ["fold list", parseFoldList, LISTS["patient_list_foldwise.txt"]],
    ["corrections", parseCorrections, LISTS["filename_differences.txt"]],
    ["demographics", parseDemographics, LISTS["demographic_info.txt"]],
    ["diagnoses", parseDiagnoses, LISTS["patient_diagnosis.csv"]],
  ] as const)("of ICBHI are read, or refused with a line of the file: %s", (_, parse, whole) => {
    let found = 0;
    for (const text of mutations(whole, 3000, 2)) {
      const { problems } = parse(text);
      for (const { what, line, severity } of problems) {
        expect(what.length).toBeGreaterThan(5);
        expect(what.length, what).toBeLessThan(300);
        if (line === undefined) expect(what).toMatch(WHOLE_FILE);
        else {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line, `${what} ${JSON.stringify(text)}`).toBeLessThanOrEqual(lineCount(text));
        }
        if (severity !== "note") found++;
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it("in a whole SPRSound are told with file and line, by check and loader", async () => {
    const folder = writeLayout(soundLayout());
    const place = "BioCAS2022/train2022_json/12_0.5_1_p4_2.json";
    const file = path.join(folder, "sprsound", place);
    for (const text of mutations(JSON_TEXT, 150, 3)) {
      writeFileSync(file, text);
      const { problems } = await checkSprSound(folder, { audio: false });
      const errors = problems.filter(({ severity }) => severity === "error");
      for (const problem of errors) expect(problem).toMatchObject({ file: place, line: expect.any(Number) });
      expectToLoad(() => loadSprSound(folder), errors.length === 0, `${place}:`);
    }
  });

  it("in a whole ICBHI are told with their file, by check and loader", async () => {
    const folder = writeIcbhi(
      NAMES.map((name) => ({ name, annotation: FOUR_CYCLES })),
      LISTS,
    );
    const root = path.join(folder, "icbhi");
    const annotation = `ICBHI_final_database/${NAMES[0]}.txt`;
    for (const [place, whole] of Object.entries({ ...LISTS, [annotation]: FOUR_CYCLES })) {
      for (const text of mutations(whole, 40, 4)) {
        writeFileSync(path.join(root, place), text);
        const { problems } = await checkIcbhi(folder, { audio: false });
        for (const { file, severity, what } of problems) {
          expect(what.length, what).toBeLessThan(300);
          if (severity === "error") expect(file).toMatch(/\.(txt|csv|wav)$/);
        }
        // All names depend on the corrections; errors in another list are told by the split that needs it.
        const later = (file: string) => file in LISTS && file !== "filename_differences.txt";
        const wrong = problems.some(({ severity, file }) => severity === "error" && !later(file));
        expectToLoad(() => loadIcbhi(folder), !wrong, ".txt");
      }
      writeFileSync(path.join(root, place), whole);
    }
  });
});

/** Loads, or throws a message for people that names the file. */
function expectToLoad(load: () => unknown, sound: boolean, named: string): void {
  try {
    load();
    expect(sound).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(named);
    expect(sound).toBe(false);
  }
}

describe("mutated recordings", () => {
  it("are read, or refused with a reason", async () => {
    const folder = temporaryFolder();
    const whole = encodeWav(Float32Array.of(0.5, 0.25, -0.5, 0), 4000);
    const streams = new Streams(5);
    const files = Array.from({ length: 400 }, (_, index) => {
      const rng = streams.stream("wav", index);
      let bytes = Buffer.from(whole);
      for (let changes = 1 + rng.integer(4); changes > 0; changes--)
        bytes[rng.integer(bytes.length)] = rng.integer(256);
      if (rng.integer(3) === 0) bytes = bytes.subarray(0, rng.integer(bytes.length + 1));
      const file = path.join(folder, `${index}.wav`);
      writeFileSync(file, bytes);
      return file;
    });
    const { sounds } = await scanAudio(files);
    let read = 0;
    for (const sound of sounds.values()) {
      if ("error" in sound) expect(sound.error.length).toBeGreaterThan(5);
      else {
        expect(Number.isFinite(sound.levels.rms)).toBe(true);
        read++;
      }
    }
    expect(read).toBeGreaterThan(50);
    expect(read).toBeLessThan(350);
  });
});
