import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { decodeWav } from "../../../src/audio/wav.js";
import { checkDataset } from "../../../src/datasets/check.js";
import { problemText } from "../../../src/datasets/problem.js";
import { checkSprSound } from "../../../src/datasets/sprsound/check.js";
import { sprSoundCheckTable } from "../../../src/datasets/sprsound/checkTable.js";
import { asNobodyAsync } from "../asNobody.js";
import { type MadeUpFile, sound, soundLayout, temporaryFolder, writeLayout } from "./layoutFixture.js";

/** The problems of a data set that is sound but for one file. */
async function problemsOf(index: number, change: Partial<MadeUpFile>) {
  const files = soundLayout().map((file, i) => (i === index ? { ...file, ...change } : file));
  const { problems } = await checkSprSound(writeLayout(files));
  return problems.map((problem) => `${problem.severity}: ${problemText(problem)}`);
}

const annotated = (record: string, ...events: [string, number, number][]) => ({ json: { record, events } });

describe("checkSprSound", () => {
  it("finds nothing in a sound data set, and counts it", async () => {
    const { bySplit, audio, ...check } = await checkSprSound(writeLayout(soundLayout()));
    expect(check).toEqual({
      name: "sprsound",
      madeUp: false,
      recordings: 5,
      patients: 3,
      events: 5,
      byClass: {
        record: { Normal: 1, CAS: 1, DAS: 1, "CAS & DAS": 1, "Poor Quality": 1 },
        event: {
          Normal: 2,
          Rhonchi: 0,
          Wheeze: 1,
          Stridor: 0,
          "Coarse Crackle": 0,
          "Fine Crackle": 1,
          "Wheeze+Crackle": 1,
        },
      },
      problems: [],
    });
    expect(audio).toMatchObject({ read: true, files: 5, bytes: 5 * 44 + 2 * 8000 * (4 * 9.216 + 15.36) });
    expect(bySplit.train2022).toMatchObject({ recordings: 3, patients: 2, events: 3, durationSeconds: 33.792 });
    expect(bySplit.intra2022).toMatchObject({ recordings: 1, patients: 1, events: 1, durationSeconds: 9.216 });
  });

  const wav = "BioCAS2022/train2022_wav/12_0.5_1_p4_2.wav";
  const json = "BioCAS2022/train2022_json/12_0.5_1_p4_2.json";
  it.each([
    [
      "an event past the end",
      annotated("Normal", ["Normal", 15000, 15400]),
      `error: ${json}:1: event 1 (Normal, 15 to 15.4 s) ends beyond the recording of 15.36 s`,
    ],
    [
      "an event after the end",
      annotated("Normal", ["Normal", 16000, 17000]),
      `error: ${json}:1: event 1 (Normal, 16 to 17 s) starts beyond the recording of 15.36 s`,
    ],
    [
      "a reversed event",
      annotated("Normal", ["Normal", 900, 100]),
      `error: ${json}:1: event 1: ends at 100 ms, not after its start at 900 ms`,
    ],
    [
      "an event told twice",
      annotated("DAS", ["Normal", 0, 700], ["Fine Crackle", 0, 700]),
      `warning: ${json}:1: event 2 (Fine Crackle, 0 to 0.7 s) is there twice`,
    ],
    [
      "events that overlap",
      annotated("Normal", ["Normal", 500, 1000], ["Normal", 0, 700]),
      `warning: ${json}:1: 1 event(s) begin before the one before ends`,
    ],
    [
      "a label against the events",
      annotated("DAS", ["Normal", 0, 700]),
      `warning: ${json}: the record is labelled "DAS", its events make it "Normal"`,
    ],
    [
      "poor quality with events",
      annotated("Poor Quality", ["Normal", 0, 700]),
      `warning: ${json}: the record is labelled "Poor Quality", its events make it "Normal"`,
    ],
    ["no recording", { wav: undefined }, `error: ${json}: its recording train2022_wav/12_0.5_1_p4_2.wav is missing`],
    ["no annotation", { json: undefined }, `warning: ${wav}: has no annotation`],
    ["an odd duration", { wav: 0.8 }, `note: ${wav}: lasts 0.8 s; most last 9.216 or 15.36 s`],
    [
      "another rate",
      { wav: sound(9.216, 9, 4000) },
      `warning: ${wav}: 4000 Hz, 1 channel(s), 16 bits; SPRSound has 8000 Hz`,
    ],
    [
      "no sound",
      { wav: new TextEncoder().encode("<html>not found</html>") },
      `error: ${wav}: not a WAV file (it starts with "<htm"`,
    ],
    ["an empty file", { wav: new Uint8Array(0) }, `error: ${wav}: the file is empty`],
    // Variant 1 is what the layout gives to the name that ends with 1.
    [
      "the same sound twice",
      { wav: sound(9.216, 1) },
      `warning: ${wav}: is the same sound as BioCAS2022/train2022_wav/11_4.5_0_p1_1.wav, byte for byte`,
    ],
  ] satisfies [string, Partial<MadeUpFile>, string][])("reports %s", async (_, change, problem) => {
    expect(await problemsOf(1, change)).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    ["clipping", (x: Float32Array) => x.fill(0.75, 0, 700).fill(-0.75, 800, 1500), "is clipped: 1.9 % of its samples"],
    ["digital silence", (x: Float32Array) => x.fill(0, 0, 6000), "holds digital silence: 0.75 s of zeros"],
    ["an offset", (x: Float32Array) => x.set(x.map((value) => value + 0.1)), "has a DC offset: its mean is 0.1 of"],
  ])("reports %s", async (_, change, what) => {
    const samples = decodeWav(sound(9.216, 2), "made up").samples;
    change(samples);
    expect(await problemsOf(1, { wav: encodeWav(samples, 8000) })).toEqual([
      expect.stringContaining(`warning: ${wav}: ${what}`),
    ]);
  });

  it("tells the files of a fault, the worst first", async () => {
    const files = soundLayout().map((file, i) => {
      const { samples } = decodeWav(sound(9.216, i), "made up");
      return { ...file, wav: encodeWav(samples.fill(0, 0, [0, 6000, 7000, 0, 8000][i]), 8000) };
    });
    const { problems } = await checkSprSound(writeLayout(files));
    expect(problems).toEqual([
      {
        file: "BioCAS2022/test2022_wav/11_4.6_0_p3_5.wav",
        files: [
          "BioCAS2022/test2022_wav/11_4.6_0_p3_5.wav",
          "BioCAS2022/train2022_wav/12_0.5_1_p4_3.wav",
          "BioCAS2022/train2022_wav/12_0.5_1_p4_2.wav",
        ],
        count: 3,
        what: expect.stringMatching(/^holds digital silence: 1 s of zeros at a stretch, 11 % of it in all/),
        severity: "warning",
      },
    ]);
  });

  it("names both places of a sound that is in two sets", async () => {
    expect(await problemsOf(4, { wav: sound(9.216, 1) })).toEqual([
      "warning: BioCAS2022/test2022_wav/11_4.6_0_p3_5.wav: is the same sound as BioCAS2022/train2022_wav/11_4.5_0_p1_1.wav, byte for byte; across splits: set intra2022 here, train2022 there",
    ]);
  });

  it("tells an age that no child has", async () => {
    expect(await problemsOf(1, { name: "12_41.0_1_p4_2" })).toEqual([
      "warning: BioCAS2022/train2022_json/12_41.0_1_p4_2.json: its patient is 41 years old by its name; SPRSound has children",
    ]);
  });

  it("tells the line of an event", async () => {
    const events = '[\n{"start": 0, "end": 700, "type": "Normal"},\n{"start": 1, "end": 99999, "type": "Normal"}\n]';
    const text = `\ufeff{"record_annotation": "Normal",\r\n"event_annotation": ${events}}`;
    expect(await problemsOf(1, { json: text })).toEqual([
      `warning: ${json}:4: 1 event(s) begin before the one before ends`,
      `error: ${json}:4: event 2 (Normal, 0.001 to 99.999 s) ends beyond the recording of 15.36 s`,
    ]);
  });

  it("opens no recording without audio, and says so", async () => {
    const folder = writeLayout(soundLayout().map((file) => ({ ...file, wav: Buffer.from("no sound") })));
    const check = await checkSprSound(folder, { audio: false });
    expect(check).toMatchObject({ audio: { read: false }, problems: [] });
    expect(check.bySplit.train2022).not.toHaveProperty("durationSeconds");
    const text = sprSoundCheckTable(check);
    expect(text).toContain("The sounds were not read: annotations and lists only.");
    expect(text).not.toContain("minutes");
  });

  it("goes on over folders and links where files belong, and over what may not be read", async () => {
    const folder = writeLayout(soundLayout());
    const at = (name: string) => path.join(folder, "sprsound", "BioCAS2022", name);
    mkdirSync(at("train2022_json/13_1.0_0_p1_7.json"));
    mkdirSync(at("train2022_wav/14_1.0_0_p1_8.wav"));
    rmSync(at("train2022_wav/12_0.5_1_p4_2.wav"));
    mkdirSync(at("train2022_wav/12_0.5_1_p4_2.wav"));
    rmSync(at("train2022_wav/12_0.5_1_p4_3.wav"));
    symlinkSync("12_0.5_1_p4_3.wav", at("train2022_wav/12_0.5_1_p4_3.wav"));
    symlinkSync(at("train2022_json"), at("train2022_json/inside"));
    mkdirSync(path.join(folder, "sprsound", "BioCAS2023"));
    symlinkSync("test2023_json", path.join(folder, "sprsound", "BioCAS2023", "test2023_json"));
    chmodSync(folder, 0o755);
    chmodSync(at("train2022_wav/11_4.5_0_p1_1.wav"), 0);
    chmodSync(at("test2022_json/inter_test_json/21_7.0_0_p2_4.json"), 0);
    const told = () =>
      asNobodyAsync(async () => {
        const { problems } = await checkSprSound(folder);
        return problems.map((problem) => `${problem.severity}: ${problemText(problem)}`);
      });
    const denied = "may not be read (permission denied); give yourself read access, such as with chmod u+r";
    const [train, inter] = ["error: BioCAS2022/train2022", "error: BioCAS2022/test2022_json/inter_test_json"];
    expect((await told()).sort()).toEqual([
      `${inter}/21_7.0_0_p2_4.json: ${denied}`,
      `${inter}: the test set inter2022 is missing, so nothing can be evaluated on it`,
      `${train}_json/12_0.5_1_p4_2.json: its recording train2022_wav/12_0.5_1_p4_2.wav is a folder where a file was expected`,
      `${train}_json/12_0.5_1_p4_3.json: its recording train2022_wav/12_0.5_1_p4_3.wav is a symbolic link that leads in a circle`,
      `${train}_json/13_1.0_0_p1_7.json: is a folder where a file was expected`,
      `${train}_wav/11_4.5_0_p1_1.wav: ${denied}`,
      `${train}_wav/14_1.0_0_p1_8.wav: is a folder where a file was expected`,
      "error: BioCAS2023/test2023_json: is a symbolic link that leads in a circle",
    ]);
    chmodSync(at("test2022_json/inter_test_json"), 0);
    const closed = await told();
    chmodSync(at("test2022_json/inter_test_json"), 0o755);
    expect(closed).toContain(`${inter}: ${denied}`);
  });

  it("says why the training set cannot be found", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "sprsound"));
    symlinkSync("train2022_json", path.join(folder, "sprsound", "train2022_json"));
    await expect(checkSprSound(folder)).rejects.toThrow(
      `${folder}/sprsound/train2022_json is a symbolic link that leads in a circle`,
    );
  });

  it("goes on after a wrong file", async () => {
    const check = await checkSprSound(
      writeLayout(
        soundLayout().map((file, i) =>
          i === 0 ? { ...file, json: "{" } : i === 1 ? { ...file, wav: new Uint8Array(3) } : file,
        ),
      ),
    );
    expect(check.recordings).toBe(4);
    expect(check.problems).toEqual([
      expect.objectContaining({ file: "BioCAS2022/train2022_json/11_4.5_0_p1_1.json", severity: "error" }),
      // The patient of intra was in the file that could not be read.
      expect.objectContaining({ what: expect.stringContaining("not in the training set"), severity: "warning" }),
      expect.objectContaining({ file: "BioCAS2022/train2022_wav/12_0.5_1_p4_2.wav", severity: "error" }),
    ]);
  });

  it("tells patients on the wrong side", async () => {
    expect(await problemsOf(3, { name: "12_7.0_0_p2_4" })).toEqual([
      expect.stringContaining(
        "error: BioCAS2022/test2022_json/inter_test_json/12_7.0_0_p2_4.json: its patient is in the training set",
      ),
    ]);
    expect(await problemsOf(4, { name: "99_7.0_0_p2_5" })).toEqual([
      expect.stringContaining(
        "warning: BioCAS2022/test2022_json/intra_test_json/99_7.0_0_p2_5.json: its patient is not in the training set",
      ),
    ]);
  });

  it("tells a missing test set", async () => {
    const { problems } = await checkSprSound(writeLayout(soundLayout().filter(({ set }) => set !== "inter2022")));
    expect(problems).toEqual([
      {
        file: "BioCAS2022/test2022_json/inter_test_json",
        what: "the test set inter2022 is missing, so nothing can be evaluated on it",
        severity: "error",
      },
    ]);
  });

  it("gathers a wrong block alignment, as all released headers have it, into one note", async () => {
    const files = soundLayout().map((file) => {
      const bytes = Buffer.from(typeof file.wav === "number" ? sound(file.wav, Number(file.name.slice(-1))) : file.wav);
      bytes.writeUInt16LE(4, 32);
      return { ...file, wav: bytes };
    });
    const check = await checkSprSound(writeLayout(files));
    expect(check.problems).toEqual([
      {
        file: "BioCAS2022/train2022_wav/11_4.5_0_p1_1.wav",
        what: "block alignment is 4 in the header; 1 x 16 bits make 2, which was used",
        severity: "note",
        count: 5,
      },
    ]);
    expect(sprSoundCheckTable(check)).toContain("11_4.5_0_p1_1.wav (and 4 more): block alignment is 4");
  });

  it("reads samples that start far into the file", async () => {
    const plain = Buffer.from(sound(9.216, 1));
    const filler = Buffer.alloc(8 + 6000);
    filler.write("LIST", 0, "latin1");
    filler.writeUInt32LE(6000, 4);
    expect(await problemsOf(1, { wav: Buffer.concat([plain.subarray(0, 36), filler, plain.subarray(36)]) })).toEqual(
      [],
    );
  });
});

describe("checkDataset", () => {
  it("counts errors, and shows counts and problems as text", async () => {
    const { result, text, errors } = await checkDataset(
      "sprsound",
      writeLayout(soundLayout().filter((_, i) => i !== 4)),
    );
    expect(errors).toBe(1);
    expect(result.problems).toHaveLength(1);
    expect(text.split("\n").slice(2, 5)).toEqual([
      "                  train2022  inter2022  all",
      "recordings                3          1    4",
      "  Normal                  1          0    1",
    ]);
    expect(text).toContain("1 error:\n  BioCAS2022/test2022_json/intra_test_json: the test set intra2022 is missing");
  });

  it("refuses an unknown name and lists those it knows", async () => {
    await expect(checkDataset("spr", "/nowhere")).rejects.toThrow(
      'unknown data set "spr"; known: icbhi, icbhi-logmel, sprsound',
    );
  });
});
