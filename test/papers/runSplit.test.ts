import { expect, test } from "vitest";
import { type Example, SealedTestSet } from "../../src/datasets/roles.js";
import type { Split } from "../../src/datasets/split.js";
import { runSplitOf } from "../../src/papers/runSplit.js";

const example = { id: "a#0", recording: "a", file: "/a.wav", patient: "1", label: 0, className: "N", set: "s" };
const split: Split = {
  ...{ name: "s", protocol: "published", unit: "events", digest: "d", select: [], overlaps: [], describe: ["A."] },
  train: [{ ...example, role: "train" }],
  tests: { t: new SealedTestSet("t", [{ ...example, role: "test" } satisfies Example<"test">]) },
  leaks: ["A."],
  leakedPatients: [],
  counts: { train: { N: 1 }, select: { N: 0 } },
};

test("a run's record names its split, what leaks, the seed it was drawn with and what is absent", () => {
  expect(runSplitOf(split)).toStrictEqual({ name: "s", digest: "d", leaks: ["A."] });
  const leakedPatients = [{ patient: "1", train: 1, select: 0, test: 1 }];
  expect(runSplitOf({ ...split, leakedPatients })).toMatchObject({ leakedPatients });
  expect(runSplitOf({ ...split, seed: 0, absent: { train: 1, select: 0, test: 2 } })).toStrictEqual({
    ...{ name: "s", digest: "d", leaks: ["A."], seed: 0 },
    partOfData: "part of the data: 2 of 5 events have audio (train 1 of 2, test 1 of 3)",
  });
});
