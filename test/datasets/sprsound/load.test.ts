import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { examplesOf, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { UserError } from "../../../src/userError.js";
import { type MadeUpFile, sound, soundLayout, temporaryFolder, writeLayout } from "./layoutFixture.js";

const changed = (index: number, change: Partial<MadeUpFile>) =>
  writeLayout(soundLayout().map((file, i) => (i === index ? { ...file, ...change } : file)));

describe("loadSprSound", () => {
  it("reads recordings, labels, events and patients of each set", () => {
    const data = loadSprSound(writeLayout(soundLayout()));
    expect(data.recordings.map(({ set, name }) => `${set}/${name}`)).toEqual([
      "train2022/11_4.5_0_p1_1",
      "train2022/12_0.5_1_p4_2",
      "train2022/12_0.5_1_p4_3",
      "inter2022/21_7.0_0_p2_4",
      "intra2022/11_4.6_0_p3_5",
    ]);
    expect(data.recordings[0]).toMatchObject({
      patient: "11",
      ageYears: 4.5,
      gender: "male",
      location: "p1",
      recordLabel: "CAS",
      events: [
        { type: "Wheeze", startSeconds: 0.2, endSeconds: 1 },
        { type: "Normal", startSeconds: 1, endSeconds: 1.9 },
      ],
    });
    expect(data.recordings[4]!.events[0]!.type).toBe("Wheeze+Crackle");
    expect(data.counts.train2022).toMatchObject({
      recordings: 3,
      patients: 2,
      events: 3,
      records: { Normal: 1, CAS: 1, DAS: 0, "CAS & DAS": 0, "Poor Quality": 1 },
    });
    expect(data.counts.test2023).toBeUndefined();
    expect(data).toMatchObject({ madeUp: false, problems: [] });
  });

  it("finds the same data in DIR, DIR/sprsound and without the release folder, and test2023 where it is", () => {
    const folder = writeLayout(soundLayout());
    const { digest } = loadSprSound(folder);
    expect(loadSprSound(path.join(folder, "sprsound")).digest).toBe(digest);
    expect(loadSprSound(path.join(folder, "sprsound", "BioCAS2022")).digest).toBe(digest);
    const later: MadeUpFile = { ...soundLayout()[1]!, set: "test2023", name: "31_3.0_0_p7_9" };
    expect(loadSprSound(writeLayout([...soundLayout(), later])).counts.test2023).toMatchObject({ recordings: 1 });
  });

  it("has a digest that follows labels, bounds and sounds", () => {
    const { digest } = loadSprSound(writeLayout(soundLayout()));
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    expect(loadSprSound(writeLayout([...soundLayout()].reverse())).digest).toBe(digest);
    const others = [
      changed(1, { json: { record: "Normal", events: [["Normal", 0, 701]] } }),
      changed(1, { json: { record: "CAS", events: [["Wheeze", 0, 700]] } }),
      changed(1, { wav: 9.216 }),
      changed(1, { wav: sound(15.36, 99) }),
      changed(1, { name: "12_0.5_1_p4_22" }),
    ].map((folder) => loadSprSound(folder).digest);
    expect(new Set([digest, ...others]).size).toBe(6);
  });

  it.each([
    [{ json: "{" }, /BioCAS2022\/train2022_json\/12_0\.5_1_p4_2\.json:1: is not valid JSON/],
    [
      { json: '{"record_annotation": "Good", "event_annotation": []}' },
      /12_0\.5_1_p4_2\.json:1: record_annotation is "Good"/,
    ],
    [{ name: "12_0.5_p4_2" }, /12_0\.5_p4_2\.json: the name is not of the form patient_age_gender_location_number/],
    [{ wav: undefined }, /12_0\.5_1_p4_2\.json: its recording train2022_wav\/12_0\.5_1_p4_2\.wav is missing/],
    [{ name: "21_7.0_0_p2_4" }, /21_7\.0_0_p2_4\.json: the same recording is annotated in .*train2022_json.* too/],
  ] satisfies [Partial<MadeUpFile>, RegExp][])("refuses %j with file and reason", (change, message) => {
    const folder = changed(1, change);
    expect(() => loadSprSound(folder)).toThrow(UserError);
    expect(() => loadSprSound(folder)).toThrow(message);
  });

  it("lists five faults and counts the rest", () => {
    const broken = Array.from({ length: 8 }, (_, i) => ({ ...soundLayout()[1]!, name: `12_1_0_p1_${i}`, json: "[]" }));
    expect(() => loadSprSound(writeLayout(broken))).toThrow(
      /(holds \[\][\s\S]*){5}and 3 more: `auscult data check sprsound`/,
    );
  });

  it("counts a recording without annotation as a warning, and ignores hidden files", () => {
    const folder = changed(1, { json: undefined });
    writeFileSync(path.join(folder, "sprsound/BioCAS2022/train2022_json/._11_4.5_0_p1_1.json"), "resource fork");
    const data = loadSprSound(folder);
    expect(data.recordings).toHaveLength(4);
    expect(data.problems).toEqual([
      {
        file: "BioCAS2022/train2022_wav/12_0.5_1_p4_2.wav",
        what: "has no annotation (.json of the same name), so it is not used",
        severity: "warning",
      },
    ]);
  });

  it("says where it looked and what to do when there is nothing", () => {
    const empty = temporaryFolder();
    const message = (folder: string) => {
      try {
        loadSprSound(folder);
      } catch (error) {
        if (error instanceof UserError) return error.message;
        throw error;
      }
      return "";
    };
    for (const folder of [empty, path.join(empty, "nowhere")]) {
      const text = message(folder);
      for (const part of [
        folder,
        "DIR/sprsound/BioCAS2022/train2022_wav",
        "auscult data demo",
        "--data",
        "AUSCULT_DATA",
      ]) {
        expect(text).toContain(part);
      }
    }
    expect(message(empty)).toContain("the folder is empty");
    expect(message(path.join(empty, "nowhere"))).toContain("there is no such folder");
    mkdirSync(path.join(empty, "sprsound/BioCAS2022/train2022_json"), { recursive: true });
    expect(message(empty)).toContain("no SPRSound annotations (*.json) in");
  });
});

describe("tasks", () => {
  const { recordings } = loadSprSound(writeLayout(soundLayout()));
  const labels = (id: string) =>
    examplesOf(recordings, sprSoundTask(id), "train").map((e) => [e.id, e.label, e.className]);

  it("11 and 12 label events, with ids that count from 0", () => {
    expect(labels("11")).toEqual([
      ["11_4.5_0_p1_1#0", 1, "Adventitious"],
      ["11_4.5_0_p1_1#1", 0, "Normal"],
      ["12_0.5_1_p4_2#0", 0, "Normal"],
      ["21_7.0_0_p2_4#0", 1, "Adventitious"],
      ["11_4.6_0_p3_5#0", 1, "Adventitious"],
    ]);
    expect(labels("12").map(([, label]) => label)).toEqual([2, 0, 0, 5, 6]);
    expect(examplesOf(recordings, sprSoundTask("12"), "train")[0]).toMatchObject({ startSeconds: 0.2, endSeconds: 1 });
  });

  it("21 and 22 label recordings, poor quality at index 1", () => {
    expect(labels("21").map(([, label]) => label)).toEqual([2, 0, 1, 2, 2]);
    expect(labels("22").map(([, label]) => label)).toEqual([2, 0, 1, 3, 4]);
    expect(examplesOf(recordings, sprSoundTask("22"), "train")[0]).not.toHaveProperty("startSeconds");
  });

  it.each(["13", "", "1-1", "toString"])("refuses %j and names the four", (id) => {
    expect(() => sprSoundTask(id)).toThrow(UserError);
    expect(() => sprSoundTask(id)).toThrow(/unknown task ".*" of sprsound; the tasks are 11 .* 12 .* 21 .* 22 /);
  });
});
