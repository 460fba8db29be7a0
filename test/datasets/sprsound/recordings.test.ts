import { describe, expect, it } from "vitest";
import { patientsOf } from "../../../src/datasets/split.js";
import { checkSprSound } from "../../../src/datasets/sprsound/check.js";
import { recordLabelFromEvents } from "../../../src/datasets/sprsound/labels.js";
import { loadSprSound, type SprSound } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { SPRSOUND_TASK_IDS, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";

// The facts sheet's `sprsound/ground-truth`, counted from the released annotations by another program.
const RECORDS = {
  train2022: { Normal: 1303, CAS: 126, DAS: 248, "CAS & DAS": 95, "Poor Quality": 177, total: 1949, patients: 251 },
  inter2022: { Normal: 241, CAS: 65, DAS: 24, "CAS & DAS": 17, "Poor Quality": 8, total: 355, patients: 41 },
  intra2022: { Normal: 241, CAS: 42, DAS: 75, "CAS & DAS": 19, "Poor Quality": 2, total: 379, patients: 162 },
};
const events = (...counts: number[]) => {
  const [Normal, Rhonchi, Wheeze, Stridor, coarse, fine, mixed, total] = counts;
  return {
    Normal,
    Rhonchi,
    Wheeze,
    Stridor,
    "Coarse Crackle": coarse,
    "Fine Crackle": fine,
    "Wheeze+Crackle": mixed,
    total,
  };
};
const EVENTS = {
  train2022: events(5159, 39, 452, 15, 49, 912, 30, 6656),
  inter2022: events(1040, 0, 305, 0, 3, 80, 1, 1429),
  intra2022: events(688, 14, 108, 2, 14, 175, 3, 1004),
};
const DURATION_MS = {
  train2022: { min: 126, median: 1210, mean: 1278, max: 7152, shareAbove3s: 0.0156 },
  inter2022: { min: 242, median: 1279, mean: 1396, max: 4967, shareAbove3s: 0.0329 },
  intra2022: { min: 232, median: 1303, mean: 1330, max: 5665, shareAbove3s: 0.0149 },
};
const SETS = ["train2022", "inter2022", "intra2022"] as const;

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: SPRSound", () => {
  let loaded: SprSound | undefined;
  const load = () => {
    loaded ??= loadSprSound(process.env.AUSCULT_DATA!);
    return loaded;
  };

  it.each(SETS)("has the counted records, patients and events in %s", (set) => {
    const counts = load().counts[set]!;
    expect({ ...counts.records, total: counts.recordings, patients: counts.patients }).toEqual(RECORDS[set]);
    expect({ ...counts.eventTypes, total: counts.events }).toEqual(EVENTS[set]);
  });

  it.each(SETS)("has the counted event durations in %s", (set) => {
    const ms = load()
      .recordings.filter((recording) => recording.set === set)
      .flatMap((recording) => recording.events.map((e) => Math.round((e.endSeconds - e.startSeconds) * 1000)))
      .sort((a, b) => a - b);
    const middle = (ms[Math.floor((ms.length - 1) / 2)]! + ms[Math.ceil((ms.length - 1) / 2)]!) / 2;
    const expected = DURATION_MS[set];
    expect([ms[0], ms.at(-1)]).toEqual([expected.min, expected.max]);
    expect(Math.abs(middle - expected.median)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(ms.reduce((a, b) => a + b) / ms.length - expected.mean)).toBeLessThanOrEqual(0.5);
    const above = ms.filter((value) => value > 3000).length / ms.length;
    expect(Math.abs(above - expected.shareAbove3s)).toBeLessThanOrEqual(0.00005);
  });

  it("shares patients between training and intra only", () => {
    const { recordings } = load();
    const patients = (set: string) => patientsOf(recordings.filter((recording) => recording.set === set));
    const overlap = (a: string, b: string) => [...patients(a)].filter((patient) => patients(b).has(patient)).length;
    expect(patientsOf(recordings).size).toBe(292);
    expect(overlap("train2022", "inter2022")).toBe(0);
    expect(overlap("train2022", "intra2022")).toBe(162);
    expect(overlap("inter2022", "intra2022")).toBe(0);
  });

  it("labels each record by its events, without exception", () => {
    const { recordings } = load();
    expect(recordings).toHaveLength(2683);
    const other = recordings.filter((r) => recordLabelFromEvents(r.events.map(({ type }) => type)) !== r.recordLabel);
    expect(other).toEqual([]);
  });

  it("passes the check, which tells its traps: headers, five odd durations, one sound under two names", async () => {
    const { recordings, patients, events: count, problems } = await checkSprSound(process.env.AUSCULT_DATA!);
    expect({ recordings, patients, count }).toEqual({ recordings: 2683, patients: 292, count: 9089 });
    const whats = (severity: string) => problems.filter((p) => p.severity === severity).map((p) => p.what);
    expect(whats("error")).toEqual([]);
    expect(whats("warning")).toEqual([
      "is the same sound as BioCAS2022/train2022_wav/41279835_14.1_0_p1_2945.wav, byte for byte; across splits: set intra2022 here, train2022 there",
    ]);
    const notes = problems.filter(({ severity }) => severity === "note");
    expect(notes.filter(({ what }) => what.includes("block alignment is 4"))).toMatchObject([{ count: 2683 }]);
    expect(notes.filter(({ what }) => what.startsWith("lasts"))).toHaveLength(5);
    expect(notes.filter(({ what }) => what.startsWith("is quiet"))).toMatchObject([{ count: 1 }]);
    expect(notes).toHaveLength(7);
  });

  // The digests that committed results in experiments/supcon-sprs/results/ were made with.
  it.each([
    ["11", "honest", "a9e0e59094ed17ec2bb98995bb4dede0"],
    ["12", "honest", "31ced7bb0224849ad1eb58c29f97de91"],
    ["21", "honest", "3e7131fadcb2a4d5cf006ca835953e03"],
    ["22", "honest", "765c52b42c3672f8f45be4aa8f6e8bef"],
    ["11", "published", "63781af2c59fbd5886cd4be729d2cfd2"],
  ] as const)("splits task %s as before, %s", (id, protocol, digest) => {
    expect(sprSoundSplit(load(), sprSoundTask(id), protocol, { seed: 0 }).digest).toBe(digest);
  });

  it("has no leak under honest, and tells the selection leak of random items", () => {
    const leaks = (id: string, protocol: "honest" | "published") =>
      sprSoundSplit(load(), sprSoundTask(id), protocol, { seed: 0 }).leaks;
    for (const id of SPRSOUND_TASK_IDS) expect(leaks(id, "honest")).toEqual([]);
    expect(leaks("11", "published")).toEqual([
      "Selection leak: 215 of the 216 patients of select are also in train (1,330 of its 1,331 events).",
      "Selection leak: 857 of the 915 recordings of select are also in train (1,252 of its 1,331 events).",
    ]);
  });

  it.each(SPRSOUND_TASK_IDS)("holds out a fifth of the patients with every class on both sides, task %s", (id) => {
    const task = sprSoundTask(id);
    const { train, select, counts } = sprSoundSplit(load(), task, "honest", { seed: 1 });
    expect(train.length + select.length).toBe(task.level === "event" ? 6656 : 1949);
    expect([...patientsOf(select)].filter((patient) => patientsOf(train).has(patient))).toEqual([]);
    for (const side of [counts.train, counts.select]) expect(Math.min(...Object.values(side))).toBeGreaterThan(0);
    expect(Math.abs(select.length / (train.length + select.length) - 0.2)).toBeLessThan(0.03);
  });
});
