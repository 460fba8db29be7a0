import { describe, expect, it } from "vitest";
import { type Belonging, overlapsOf, type Sides, whoIsOnBothSides } from "../../src/datasets/overlap.js";

/** "7/a/1" is item 1 of recording a of patient 7. */
const items = (...names: string[]): Belonging[] =>
  names.map((id) => ({ id, recording: id.split("/").slice(0, 2).join("/"), patient: id.split("/")[0]! }));

const sides = (over: Partial<Sides>): Sides => ({
  train: items("1/a/1", "1/a/2", "2/b/1"),
  select: [],
  tests: {},
  ...over,
});

describe("whoIsOnBothSides", () => {
  it("tells nothing shared, and no leak", () => {
    const clean = sides({ select: items("3/c/1"), tests: { test: { examples: items("4/d/1", "5/e/1") } } });
    expect(whoIsOnBothSides(clean, "cycles")).toMatchObject({
      leaks: [],
      describe: [
        "None of the 1 patients of select is in train.",
        "None of the 2 patients of test is in train.",
        "None of the 2 patients of test is in select.",
      ],
    });
  });

  it("counts and names a test set's patients, recordings and items that are in training", () => {
    // Patient 1 is shared with two recordings, of which one, and of that one item, is in train.
    const examples = items("1/a/1", "1/a/9", "1/x/1", "6/f/1");
    const told = whoIsOnBothSides(sides({ tests: { test: { examples } } }), "cycles");
    expect(told.overlaps).toEqual([
      {
        what: "patients",
        of: "test",
        in: "train",
        shared: 1,
        total: 2,
        names: ["1"],
        items: 3,
        allItems: 4,
        kind: "leak",
      },
      {
        what: "recordings",
        of: "test",
        in: "train",
        shared: 1,
        total: 3,
        names: ["1/a"],
        items: 2,
        allItems: 4,
        kind: "leak",
      },
      {
        what: "items",
        of: "test",
        in: "train",
        shared: 1,
        total: 4,
        names: ["1/a/1"],
        items: 1,
        allItems: 4,
        kind: "leak",
      },
    ]);
    expect(told.leaks).toEqual([
      "1 of the 2 patients of test are also in train: 1 (3 of its 4 cycles).",
      "1 of the 3 recordings of test are also in train: 1/a (2 of its 4 cycles).",
      "1 of the 4 cycles of test are also in train: 1/a/1.",
    ]);
    expect(told.describe).toEqual(told.leaks);
  });

  it("calls what select shares with train a selection leak", () => {
    const { leaks } = whoIsOnBothSides(sides({ select: items("1/x/1", "3/c/1") }), "events");
    expect(leaks).toEqual(["Selection leak: 1 of the 2 patients of select are also in train: 1 (1 of its 2 events)."]);
  });

  it("counts a test set that shares with select as a leak too", () => {
    const { leaks } = whoIsOnBothSides(
      sides({ select: items("3/c/1"), tests: { test: { examples: items("3/y/1", "4/d/1") } } }),
      "events",
    );
    expect(leaks).toEqual(["1 of the 2 patients of test are also in select: 3 (1 of its 2 events)."]);
  });

  it("does not blame declared known patients, but their shared recordings", () => {
    const known = (...names: string[]) =>
      whoIsOnBothSides(sides({ tests: { intra: { examples: items(...names), knownPatients: true } } }), "events");
    expect(known("1/x/1").leaks).toEqual([]);
    expect(known("1/x/1").describe).toEqual([
      "Known patients: 1 of the 1 patients of intra are also in train: 1 (1 of its 1 events).",
      "None of the 1 recordings of intra is in train.",
    ]);
    expect(known("1/a/7").leaks).toEqual([
      "1 of the 1 recordings of intra are also in train: 1/a (1 of its 1 events).",
    ]);
  });

  it("counts each leaking patient's items in every role, and nobody else's", () => {
    const { leakedPatients } = whoIsOnBothSides(
      {
        train: items("1/a/1", "1/a/2", "2/b/1", "4/d/1", "5/e/1"),
        select: items("2/g/1", "3/c/1"),
        tests: {
          test: { examples: items("1/y/1", "1/y/2", "3/z/1", "6/f/1") },
          intra: { examples: items("4/d/9", "5/x/1", "1/v/1"), knownPatients: true },
          clean: { examples: items("7/h/1") },
        },
      },
      "cycles",
    );
    // 1 is tested and trained on, 2 selected and trained on, 3 tested and selected, 4 known but with a recording on both sides.
    expect(leakedPatients).toEqual([
      { patient: "1", train: 2, select: 0, test: 3 },
      { patient: "2", train: 1, select: 1, test: 0 },
      { patient: "3", train: 0, select: 1, test: 1 },
      { patient: "4", train: 1, select: 0, test: 1 },
    ]);
    expect(whoIsOnBothSides(sides({ select: items("3/c/1") }), "cycles").leakedPatients).toEqual([]);
  });

  it("keeps six names, and says none of more", () => {
    const many = (count: number) => items(...Array.from({ length: count }, (_, i) => `${count - i}/a/1`));
    const of = (count: number) => whoIsOnBothSides({ train: many(9), select: many(count), tests: {} }, "events");
    expect(of(6).leaks[0]).toContain("also in train: 1, 2, 3, 4, 5, 6 (6 of its 6 events).");
    expect(of(7).leaks[0]).toContain("also in train (7 of its 7 events).");
    expect(of(7).overlaps[0]).toMatchObject({ shared: 7, names: ["1", "2", "3", "4", "5", "6"] });
  });

  it("leaves out sides without examples", () => {
    expect(overlapsOf(sides({}))).toEqual([]);
    expect(overlapsOf(sides({ train: [], select: [], tests: { test: { examples: items("1/a/1") } } }))).toEqual([]);
  });
});
