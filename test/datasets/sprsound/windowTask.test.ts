import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import { patientsOf } from "../../../src/datasets/split.js";
import type { EventType, RecordLabel } from "../../../src/datasets/sprsound/labels.js";
import { loadSprSound, type SprSound, type SprSoundRecording } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { windowExamplesOf, windowItemsOf, windowSplit } from "../../../src/datasets/sprsound/windowTask.js";
import { wavSeconds } from "../../../src/node/wavSeconds.js";

const T21 = sprSoundTask("21");
const T22 = sprSoundTask("22");

function recording(
  name: string,
  recordLabel: RecordLabel,
  events: readonly [EventType, number, number][],
  set: SprSoundRecording["set"] = "train2022",
): SprSoundRecording {
  return {
    ...{ name, file: `/data/${name}.wav`, annotationFile: `/data/${name}.json`, set, recordLabel },
    ...{ patient: name.split("_")[0]!, ageYears: 4, gender: "male", location: "p1" },
    events: events.map(([type, startSeconds, endSeconds]) => ({ type, startSeconds, endSeconds })),
  };
}

const mixed = recording("7_a", "CAS & DAS", [
  ["Normal", 0.2, 1.2],
  ["Rhonchi", 4, 5],
  ["Wheeze+Crackle", 8.5, 9.2],
  ["Coarse Crackle", 2, 6],
]);
const poor = recording("8_b", "Poor Quality", []);
const seconds = (of: number) => () => of;

describe("windowExamplesOf", () => {
  it("extends each event to 3 s within its recording and labels it by itself", () => {
    const of = (task: typeof T21) => windowExamplesOf([mixed], task, "train", seconds(9.216));
    // Middle of the event minus 1.5 s, moved into 0 to 9.216 s; the one of 4 s keeps its bounds.
    expect(of(T22).map(({ id, startSeconds, endSeconds }) => [id, startSeconds, endSeconds])).toEqual([
      ["7_a#0@0-3000", 0, 3],
      ["7_a#1@3000-6000", 3, 6],
      ["7_a#2@6216-9216", expect.closeTo(6.216, 9), expect.closeTo(9.216, 9)],
      ["7_a#3@2000-6000", 2, 6],
    ]);
    expect(of(T22).map(({ className }) => className)).toEqual(["Normal", "CAS", "CAS & DAS", "DAS"]);
    expect(of(T21).map(({ className }) => className)).toEqual(["Normal", ...Array(3).fill("Adventitious")]);
    expect(of(T22).every(({ label, className }) => T22.labels[label] === className)).toBe(true);
  });

  it("cuts four pieces of a recording of poor quality, the same for every role and set of recordings", () => {
    const pieces = windowExamplesOf([poor], T21, "train", seconds(9.216));
    expect(pieces).toHaveLength(4);
    for (const { id, startSeconds, endSeconds, label } of pieces) {
      expect(startSeconds! >= 0 && endSeconds! <= 9.216).toBe(true);
      expect(endSeconds! - startSeconds!).toBeCloseTo(3, 9);
      expect(id).toContain(`@${Math.round(startSeconds! * 1000)}-`);
      expect(T21.labels[label]).toBe("Poor Quality");
    }
    expect(new Set(pieces.map(({ startSeconds }) => startSeconds)).size).toBe(4);
    const bounds = (examples: readonly Example[]) =>
      examples.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
    const among = windowExamplesOf([mixed, poor], T22, "test", seconds(9.216)).filter(
      ({ recording: name }) => name === "8_b",
    );
    expect(bounds(among)).toEqual(bounds(pieces));
  });

  it.each([3, 2.5, 0.304])("a recording of poor quality of %f s is one piece", (length) => {
    const [piece, ...others] = windowExamplesOf([poor], T21, "train", seconds(length));
    expect(others).toEqual([]);
    expect([piece!.startSeconds, piece!.endSeconds]).toEqual([0, length]);
  });

  it("pieces reach from the beginning to the end of a recording", () => {
    const many = Array.from({ length: 500 }, (_, i) => recording(`${i}_c`, "Poor Quality", []));
    const starts = windowExamplesOf(many, T21, "train", seconds(3.009)).map(({ startSeconds }) => startSeconds! * 1000);
    expect([...new Set(starts.map(Math.round))].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("windowExamplesOf refuses", () => {
  it("an event that begins beyond its recording, by its annotation file", () => {
    expect(() => windowExamplesOf([poor, mixed], T22, "train", seconds(8.5))).toThrow(
      "/data/7_a.json: event 3 starts at 8.5 s, beyond the recording of 8.5 s; `npx auscult data check sprsound` lists",
    );
    expect(windowExamplesOf([mixed], T22, "train", seconds(8.501))).toHaveLength(4);
  });

  it.each([mixed, poor])("$name without samples", (one) => {
    const make = () => windowExamplesOf([one], T22, "test", seconds(0));
    expect(make).toThrow(`/data/${one.name}.wav: there are no samples`);
  });
});

describe("windowItemsOf", () => {
  it("names a recording's windows by their bounds", () => {
    const ids = (length: number, stepSeconds?: number) =>
      windowItemsOf({ id: "7_a", file: "/data/7_a.wav" }, seconds(length), { stepSeconds }).map(({ id }) => id);
    expect(ids(5.5)).toEqual(["7_a@0-3000", "7_a@1000-4000", "7_a@2000-5000"]);
    expect(ids(5.5, 2)).toEqual(["7_a@0-3000", "7_a@2000-5000"]);
    expect(ids(0.304)).toEqual(["7_a@0-304"]);
  });
});

describe("windowSplit", () => {
  const recordings = Array.from({ length: 30 }, (_, patient) => [
    recording(
      `${patient}_n`,
      "CAS & DAS",
      mixed.events.map((e) => [e.type, e.startSeconds, e.endSeconds]),
    ),
    recording(`${patient}_p`, "Poor Quality", []),
    recording(`${patient}_c`, "CAS", [["Wheeze", 1, 2]]),
    recording(`${patient}_d`, "DAS", [["Fine Crackle", 1, 2]]),
    recording(`${patient + 100}_i`, "CAS", [["Wheeze", 1, 2]], "inter2022"),
    recording(`${patient}_k`, "Poor Quality", [], "intra2022"),
  ]).flat();
  const data: SprSound = { root: "/data", madeUp: true, recordings, digest: "0", counts: {}, problems: [] };
  const options = { seed: 1, secondsOf: seconds(9.216) };

  it("honest holds out the patients of every other task, whatever the seed", () => {
    const split = windowSplit(data, T22, "honest", options);
    const other = sprSoundSplit(data, T22, "honest", options);
    expect(patientsOf(split.select)).toEqual(patientsOf(other.select));
    expect(split.train.length + split.select.length).toBe(30 * (4 + 4 + 1 + 1));
    expect(split).toMatchObject({ name: "sprsound/22-windows/honest", unit: "clips", leaks: [] });
    expect([split.tests.inter.count, split.tests.intra.count]).toEqual([30, 120]);
    expect(windowSplit(data, T22, "honest", { ...options, seed: 9 }).digest).toBe(split.digest);
  });

  it("published draws a fifth of the clips by the seed", () => {
    const [one, two] = [1, 2].map((seed) => windowSplit(data, T21, "published", { ...options, seed }));
    expect(one!.select).toHaveLength(60);
    expect(one!.digest).not.toBe(two!.digest);
    expect(one!.seed).toBe(1);
  });

  it("the digest knows where clips lie", () => {
    const shorter = windowSplit(data, T22, "honest", { ...options, secondsOf: seconds(9.2) });
    expect(shorter.digest).not.toBe(windowSplit(data, T22, "honest", options).digest);
    expect(() => windowSplit(data, sprSoundTask("11"), "honest", options)).toThrow("tasks 21 and 22, not for 11");
  });
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: clips of SPRSound for a classifier of windows", () => {
  it("recordings: as many as events by type, and four of each recording of poor quality", () => {
    const data = loadSprSound(process.env.AUSCULT_DATA!);
    const lengths = new Map(data.recordings.map(({ file }) => [file, wavSeconds(file)]));
    const secondsOf = ({ file }: { file: string }) => lengths.get(file)!;
    const count = (set: string, task: typeof T21) => {
      const counts = new Map<string, number>(task.labels.map((label) => [label, 0]));
      const own = data.recordings.filter((one) => one.set === set);
      for (const { className } of windowExamplesOf(own, task, "test", secondsOf))
        counts.set(className, counts.get(className)! + 1);
      return [...counts.values()];
    };
    // Sums of the counts by event type and record label in papers.md 0.2: Normal; 4 x Poor Quality; Rhonchi + Wheeze + Stridor;
    // Coarse + Fine Crackle; Wheeze+Crackle. One training recording of poor quality lasts 0.304 s and is one piece.
    expect(count("train2022", T22)).toEqual([5159, 4 * 176 + 1, 39 + 452 + 15, 49 + 912, 30]);
    expect(count("inter2022", T22)).toEqual([1040, 4 * 8, 305, 83, 1]);
    expect(count("intra2022", T22)).toEqual([688, 4 * 2, 124, 189, 3]);
    expect(count("train2022", T21)).toEqual([5159, 705, 1497]);
    const split = windowSplit(data, T22, "honest", { seed: 0, secondsOf });
    expect(patientsOf(split.select)).toEqual(patientsOf(sprSoundSplit(data, T22, "honest", { seed: 0 }).select));
    expect(split.train.length + split.select.length).toBe(6656 + 705);
  });
});
