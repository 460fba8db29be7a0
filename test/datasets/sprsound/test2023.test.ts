import { cpSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findSprSound } from "../../../src/datasets/sprsound/layout.js";
import { loadSprSound, scanSprSound } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { UserError } from "../../../src/userError.js";
import { type MadeUpFile, soundLayout, temporaryFolder, writeLayout } from "./layoutFixture.js";

type Events = [string, number, number][];

/** A recording of the former blind test: its own patients, all eight places on the body. */
const later = (number: number, record: string, events: Events, patient = 31): MadeUpFile => ({
  set: "test2023",
  name: `${patient}_3.5_1_p${1 + (number % 8)}_${100 + number}`,
  json: { record, events },
  wav: 9.216,
});

/** One of each label, on p5 to p8. */
const LATER: MadeUpFile[] = [
  later(4, "Normal", [["Normal", 0, 900]]),
  later(5, "CAS", [["Rhonchi", 100, 900], ["Stridor", 1000, 1900]]),
  later(6, "DAS", [["Coarse Crackle", 100, 900]]),
  later(7, "Poor Quality", []),
]; // biome-ignore format: one line each

const at = (folder: string) => {
  const data = loadSprSound(folder);
  return { data, names: data.recordings.filter(({ set }) => set === "test2023").map(({ name }) => name) };
};
const NAMES = LATER.map(({ name }) => name).sort();

describe("the test folders of 2023", () => {
  it("are read where the publisher's folders are: below sprsound/, below DIR, and without the release's folder", () => {
    const folder = writeLayout([...soundLayout(), ...LATER]);
    const { names, data } = at(folder);
    expect(names).toEqual(NAMES);
    expect(data.counts.test2023).toMatchObject({ recordings: 4, patients: 1, events: 4 });
    expect(data.recordings.filter(({ set }) => set === "test2023").map(({ location }) => location)).toEqual(
      ["p5", "p6", "p7", "p8"], // biome-ignore format: as they are
    );
    const { digest } = data;
    expect(at(path.join(folder, "sprsound")).data.digest).toBe(digest);

    const flat = temporaryFolder();
    for (const release of ["BioCAS2022", "BioCAS2023"]) {
      cpSync(path.join(folder, "sprsound", release), path.join(flat, "sprsound"), { recursive: true });
    }
    expect(at(flat).data.digest).toBe(digest);

    // The release of 2023 alone is below its folder.
    const half = temporaryFolder();
    cpSync(path.join(folder, "sprsound", "BioCAS2022"), path.join(half, "sprsound"), { recursive: true });
    mkdirSync(path.join(half, "sprsound", "BioCAS2023"));
    for (const part of ["test2023_wav", "test2023_json"]) {
      cpSync(path.join(folder, "sprsound", "BioCAS2023", part), path.join(half, "sprsound", "BioCAS2023", part), {
        recursive: true,
      });
    }
    expect(at(half).data.digest).toBe(digest);
  });

  it("are not needed, and change the digest where they are", () => {
    const with2023 = at(writeLayout([...soundLayout(), ...LATER])).data;
    const without = at(writeLayout(soundLayout()));
    expect(without.names).toEqual([]);
    expect(without.data.digest).not.toBe(with2023.digest);
  });

  it("may spell keys, times and the mixed type in every known way", () => {
    const spellings = ["Wheeze+Crackle", "Wheeze & Crackle", "Wheeze&Crackle"];
    const files = spellings.map((type, i): MadeUpFile => {
      const released = { record_annotation: "CAS & DAS", event_annotation: [{ start: "10", end: "900", type }] };
      const shown = { recording_annotation: "CAS & DAS", event_annotation: [{ start: 10, end: 900, type }] };
      return { ...later(i, "", []), json: JSON.stringify(i === 0 ? released : shown) };
    });
    const { data } = at(writeLayout([...soundLayout(), ...files]));
    const read = data.recordings.filter(({ set }) => set === "test2023");
    expect(read.map(({ events, recordLabel }) => [recordLabel, ...events])).toEqual(
      spellings.map(() => ["CAS & DAS", { type: "Wheeze+Crackle", startSeconds: 0.01, endSeconds: 0.9 }]),
    );
  });

  it.each(["Wheeze + Crackle", "wheeze", "Fine crackle", "No Event", ""])(
    "refuse an unknown spelling, %j, with the file and what is known",
    (type) => {
      const folder = writeLayout([...soundLayout(), later(5, "CAS", [[type, 0, 900]])]);
      expect(() => loadSprSound(folder)).toThrow(UserError);
      expect(() => loadSprSound(folder)).toThrow(
        /BioCAS2023\/test2023_json\/31_3\.5_1_p6_105\.json.*type is .*expected one of "Normal", "Rhonchi"/,
      );
    },
  );

  it("refuse a place that there is none of", () => {
    const file = { ...LATER[0]!, name: "31_3.5_1_p9_109" };
    expect(() => loadSprSound(writeLayout([...soundLayout(), file]))).toThrow(
      /test2023_json\/31_3\.5_1_p9_109\.json.*the name is not of the form/,
    );
  });

  it.each(["train2022", "inter2022", "intra2022"] as const)("refuse a recording that %s has too", (set) => {
    const twin = soundLayout().find((file) => file.set === set)!;
    const folder = writeLayout([...soundLayout(), { ...twin, set: "test2023" }]);
    const there = { train2022: "train2022_json", inter2022: "inter_test_json", intra2022: "intra_test_json" }[set];
    const message = new RegExp(`test2023_json/${twin.name}\\.json.*the same recording is annotated in .*${there}`);
    expect(() => loadSprSound(folder)).toThrow(message);
    const { problems } = scanSprSound(findSprSound(folder));
    expect(problems.filter(({ severity }) => severity === "error").map(({ file }) => file)).toEqual([
      `BioCAS2023/test2023_json/${twin.name}.json`,
    ]);
  });

  it("refuse annotations whose sounds are not there", () => {
    const folder = writeLayout([...soundLayout(), ...LATER]);
    const release = path.join(folder, "sprsound", "BioCAS2023");
    renameSync(path.join(release, "test2023_wav"), path.join(release, "wav"));
    expect(() => loadSprSound(folder)).toThrow(/its recording test2023_wav\/31_3\.5_1_p5_104\.wav is missing/);
  });
});

describe("the split with the test set of 2023", () => {
  const split = (files: readonly MadeUpFile[], id = "21") =>
    sprSoundSplit(loadSprSound(writeLayout(files)), sprSoundTask(id), "published", { seed: 1 });

  it("seals it, counts it and tells who of it is known", () => {
    const { tests, describe: lines, leaks } = split([...soundLayout(), ...LATER]);
    expect(Object.keys(tests)).toEqual(["inter", "intra", "test2023"]);
    expect(tests.test2023).toMatchObject({ name: "sprsound/test2023", count: 4 });
    expect(lines).toContain("None of the 1 patients of test2023 is in train.");
    expect(leaks.filter((leak) => leak.includes("2023"))).toEqual([]);
    expect(split([...soundLayout(), ...LATER], "11").tests.test2023!.count).toBe(4);
    expect(split(soundLayout()).tests).not.toHaveProperty("test2023");
  });

  it("says a leak where a patient of it was trained on: nobody declared them known", () => {
    const known = [12, 31].map((patient, i) => later(4 + i, "Normal", [["Normal", 0, 900]], patient));
    // Patient 12 has two training recordings, of which one at least is in train.
    const { leaks } = split([...soundLayout(), ...known]);
    expect(leaks).toContain("1 of the 2 patients of test2023 are also in train: 12 (1 of its 2 recordings).");
  });
});
