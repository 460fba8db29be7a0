import { describe, expect, it } from "vitest";
import { type Example, type Role, SealedTestSet } from "../../src/datasets/roles.js";
import { countByClass, partOfData, type Split } from "../../src/datasets/split.js";

const many = <R extends Role>(role: R, count: number): Example<R>[] =>
  Array.from({ length: count }, (_, i) => {
    const id = `${role}${i}`;
    return { id, recording: id, file: `/${id}.wav`, role, patient: id, label: 0, className: "Normal", set: "s" };
  });

function split(train: number, select: number, test: number[], absent?: Split["absent"]): Split {
  const tests = Object.fromEntries(test.map((count, i) => [`t${i}`, new SealedTestSet(`t${i}`, many("test", count))]));
  return {
    ...{
      name: "icbhi/official",
      protocol: "published",
      unit: "cycles",
      digest: "0",
      counts: { train: {}, select: {} },
    },
    ...{ overlaps: [], describe: [], leaks: [], leakedPatients: [] },
    ...{ train: many("train", train), select: many("select", select), tests, absent },
  };
}

describe("partOfData", () => {
  it("says nothing where all audio is there", () => {
    expect(partOfData(split(2, 1, [1]))).toBeUndefined();
    expect(partOfData(split(2, 1, [1], { train: 0, select: 0, test: 0 }))).toBeUndefined();
  });

  it("counts what is there of what was listed, by role and in all", () => {
    expect(partOfData(split(1500, 0, [700, 300], { train: 2642, select: 0, test: 1756 }))).toBe(
      "part of the data: 2,500 of 6,898 cycles have audio (train 1,500 of 4,142, test 1,000 of 2,756)",
    );
    expect(partOfData(split(0, 3, [], { train: 4, select: 0, test: 2 }))).toBe(
      "part of the data: 3 of 9 cycles have audio (train 0 of 4, select 3 of 3, test 0 of 2)",
    );
  });
});

describe("countByClass", () => {
  it("counts in index order, with 0 for a class without examples", () => {
    const counts = countByClass(many("train", 3), ["Crackle", "Normal"]);
    expect(Object.entries(counts)).toEqual([
      ["Crackle", 0],
      ["Normal", 3],
    ]);
  });
});
