import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import { patientsOf } from "../../../src/datasets/split.js";
import { EVENT_TYPES, recordLabelFromEvents, type SprSoundSet } from "../../../src/datasets/sprsound/labels.js";
import type { SprSound, SprSoundRecording } from "../../../src/datasets/sprsound/load.js";
import { type SprSoundSplit, sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { SPRSOUND_TASK_IDS, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { UserError } from "../../../src/userError.js";

/** A data set that exists in memory only: 40 training patients, 10 unseen, 20 known. */
function madeUp(sets: readonly SprSoundSet[] = ["train2022", "inter2022", "intra2022"]): SprSound {
  const recordings: SprSoundRecording[] = [];
  const add = (set: SprSoundSet, patient: number, n: number) => {
    const name = `${patient}_5.0_0_p${1 + (n % 4)}_${recordings.length}`;
    const count = n % 5 === 4 ? 0 : 3;
    const events = Array.from({ length: count }, (_, i) => ({
      type: EVENT_TYPES[n % 3 === 0 && i === 1 ? patient % 7 : 0]!,
      startSeconds: i,
      endSeconds: i + 0.9,
    }));
    const recordLabel = recordLabelFromEvents(events.map(({ type }) => type));
    const files = { file: `/data/${name}.wav`, annotationFile: `/data/${name}.json` };
    const person = { patient: `${patient}`, ageYears: 5, gender: "male", location: `p${1 + (n % 4)}` } as const;
    recordings.push({ name, set, recordLabel, events, ...files, ...person });
  };
  for (const set of sets) {
    const [first, last] = set === "inter2022" ? [100, 110] : set === "intra2022" ? [0, 20] : [0, 40];
    for (let patient = first; patient < last; patient++) for (let n = 0; n < 5; n++) add(set, patient, n);
  }
  return { root: "/data", madeUp: true, recordings, digest: "0".repeat(32), counts: {}, problems: [] };
}

const data = madeUp();
const split = (id: string, protocol: "honest" | "published", seed = 1) =>
  sprSoundSplit(data, sprSoundTask(id), protocol, { seed });
const ids = (examples: readonly Example[]) => examples.map(({ id }) => id);
const shared = (a: Set<string>, b: Set<string>) => [...a].filter((one) => b.has(one)).length;

/** What holds whatever the protocol: every training item once, tests as they are. */
function expectPartition({ train, select, tests, task, counts, digest, name, protocol }: SprSoundSplit): void {
  const both = [...ids(train), ...ids(select)];
  expect(new Set(both).size).toBe(both.length);
  expect(both.length).toBe(task.level === "event" ? 40 * 12 : 40 * 5);
  expect(train.every(({ role, set }) => role === "train" && set === "train2022")).toBe(true);
  expect(select.every(({ role, set }) => role === "select" && set === "train2022")).toBe(true);
  expect([tests.inter.count, tests.intra.count]).toEqual(task.level === "event" ? [120, 240] : [50, 100]);
  expect(Object.keys(counts.train)).toEqual([...task.labels]);
  expect(Object.values(counts.train).reduce((a, b) => a + b)).toBe(train.length);
  expect(Object.values(counts.select).reduce((a, b) => a + b)).toBe(select.length);
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
  expect(name).toBe(`sprsound/${task.id}/${protocol}`);
}

describe.each(SPRSOUND_TASK_IDS)("sprSoundSplit of task %s", (id) => {
  it("honest: whole patients, the same for every seed", () => {
    const one = split(id, "honest");
    expectPartition(one);
    expect(shared(patientsOf(one.train), patientsOf(one.select))).toBe(0);
    expect(Math.abs(patientsOf(one.select).size - 8)).toBeLessThanOrEqual(2);
    for (const side of [one.counts.train, one.counts.select]) {
      expect(Object.values(side).every((count) => count > 0)).toBe(true);
    }
    const other = split(id, "honest", 7);
    expect(ids(other.select)).toEqual(ids(one.select));
    expect(other.digest).toBe(one.digest);
    expect(one.describe[0]).toMatch(/^None of the \d+ patients of select is in train\.$/);
    expect(one.leaks).toEqual([]);
    expect(one).not.toHaveProperty("seed");
  });

  it("published: exactly a fifth of the items, by seed", () => {
    const one = split(id, "published");
    expectPartition(one);
    expect(one.select.length).toBe((one.train.length + one.select.length) / 5);
    expect(shared(patientsOf(one.train), patientsOf(one.select))).toBeGreaterThan(0);
    expect(split(id, "published").digest).toBe(one.digest);
    expect(split(id, "published", 2).digest).not.toBe(one.digest);
    const { size } = patientsOf(one.select);
    const also = shared(patientsOf(one.select), patientsOf(one.train));
    const begin = `Selection leak: ${also} of the ${size} patients of select are also in train`;
    expect(one.describe[0]!.startsWith(begin)).toBe(true);
    expect(one.leaks[0]).toBe(one.describe[0]);
    expect(one.leaks.every((leak) => leak.startsWith("Selection leak: "))).toBe(true);
    expect(one.seed).toBe(1);
  });
});

describe("sprSoundSplit", () => {
  it("holds out the same patients for all tasks, so that nothing learnt for one leaks into another", () => {
    const held = SPRSOUND_TASK_IDS.map((id) => [...patientsOf(split(id, "honest").select)].sort());
    for (const patients of held) expect(patients).toEqual(held[0]);
  });

  it("describes who of the test sets is known", () => {
    const { describe: lines, train, select } = split("21", "honest");
    const known = Array.from({ length: 20 }, (_, i) => `${i}`);
    const inTrain = known.filter((patient) => patientsOf(train).has(patient)).length;
    expect(lines).toContain("None of the 10 patients of inter2022 is in train.");
    expect(lines).toContain(
      `Known patients: ${inTrain} of the 20 patients of intra2022 are also in train (${5 * inTrain} of its 100 recordings).`,
    );
    expect(inTrain + known.filter((patient) => patientsOf(select).has(patient)).length).toBe(20);
  });

  it("seals test2023 where it is there", () => {
    const later = madeUp(["train2022", "inter2022", "intra2022", "test2023"]);
    const { tests } = sprSoundSplit(later, sprSoundTask("21"), "honest", { seed: 1 });
    expect(tests.test2023).toMatchObject({ name: "sprsound/test2023", count: 200 });
    expect(split("21", "honest").tests.test2023).toBeUndefined();
  });

  it("refuses a class that only one patient has, under honest only, and only for tasks that know it", () => {
    const rare = {
      ...data,
      recordings: data.recordings.filter((r) => r.patient === "3" || Number(r.patient) % 7 !== 3),
    };
    const cut = (id: string, protocol: "honest" | "published") =>
      sprSoundSplit(rare, sprSoundTask(id), protocol, { seed: 1 });
    expect(() => cut("12", "honest")).toThrow(UserError);
    expect(() => cut("12", "honest")).toThrow(
      /class "Stridor" occurs in 1 training patient only, .* leave select without it/,
    );
    expect(cut("11", "honest").select.length).toBeGreaterThan(0);
    expect(cut("12", "published").select.length).toBeGreaterThan(0);
  });

  it("refuses data without a test set, naming the folder", () => {
    const bare = madeUp(["train2022", "inter2022"]);
    expect(() => sprSoundSplit(bare, sprSoundTask("11"), "honest", { seed: 1 })).toThrow(
      "the test set intra2022 is missing in /data; expected BioCAS2022/test2022_json/intra_test_json",
    );
  });
});
