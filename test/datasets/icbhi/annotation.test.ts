import { describe, expect, it } from "vitest";
import { parseIcbhiAnnotation } from "../../../src/datasets/icbhi/annotation.js";

const read = (text: string) => parseIcbhiAnnotation(text);
const problems = (text: string) =>
  read(text).problems.map(({ line, what, severity }) => `${severity} ${line ?? "-"}: ${what}`);

describe("parseIcbhiAnnotation", () => {
  it("reads times, flags and labels in file order", () => {
    const { cycles, problems } = read("0.036\t0.579\t0\t0\n0.579\t2.45\t1\t0\n2.45\t3.893\t0\t1\n3.893\t5.793\t1\t1\n");
    expect(problems).toEqual([]);
    expect(cycles).toEqual([
      { startSeconds: 0.036, endSeconds: 0.579, crackle: false, wheeze: false, label: "Normal", line: 1 },
      { startSeconds: 0.579, endSeconds: 2.45, crackle: true, wheeze: false, label: "Crackle", line: 2 },
      { startSeconds: 2.45, endSeconds: 3.893, crackle: false, wheeze: true, label: "Wheeze", line: 3 },
      { startSeconds: 3.893, endSeconds: 5.793, crackle: true, wheeze: true, label: "Both", line: 4 },
    ]);
  });

  it("takes CRLF, a byte-order mark, spaces and empty lines, and notes each", () => {
    const plain = read("0\t1\t0\t1\n1\t2\t1\t0\n").cycles;
    expect(read("\ufeff0\t1\t0\t1\r\n1\t2\t1\t0\r\n").cycles).toEqual(plain);
    expect(problems("\ufeff0\t1\t0\t1\r\n")).toEqual([
      "note 1: starts with a byte-order mark",
      "note 1: lines end with a carriage return",
    ]);
    expect(read("0 1 0 1\n1  2\t1 0\n").cycles).toEqual(plain);
    expect(problems("0\t1\t0\t1\n1 2 1 0\n")).toEqual(["note 2: columns are separated by spaces where tabs are usual"]);
    expect(problems("0\t1\t0\t1\n\n1\t2\t1\t0\n\n")).toEqual(["note 2: is empty"]);
  });

  it.each([
    ["0\t1\t0", 'error 1: has 3 columns ("0 1 0"); expected four: '],
    ["0\t1\t0\t0\n0\t1\t0\t0\t7", 'error 2: has 5 columns ("0 1 0 0 7"); expected four: '],
    ["2.5\t1.5\t0\t0", "error 1: ends at 1.5 s, not after its start at 2.5 s"],
    ["2.5\t2.5\t0\t0", "error 1: ends at 2.5 s, not after its start at 2.5 s"],
    ["-1\t2\t0\t0", 'error 1: start is "-1"; expected seconds, 0 or more'],
    ["0,5\t2\t0\t0", 'error 1: start is "0,5"; expected seconds, 0 or more'],
    ["0\tNaN\t0\t0", 'error 1: end is "NaN"; expected seconds, 0 or more'],
    ["0\t1e999\t0\t0", 'error 1: end is "1e999"; expected seconds, 0 or more'],
    ["0\t0x10\t0\t0", 'error 1: end is "0x10"; expected seconds, 0 or more'],
    ["0\t1\t2\t0", 'error 1: crackle is "2"; expected 0 or 1'],
    ["0\t1\t0\ttrue", 'error 1: wheeze is "true"; expected 0 or 1'],
    ["start\tend\tcrackle\twheeze\n0\t1\t0\t0", 'error 1: start is "start"; expected seconds'],
    ["", "error -: holds no cycles"],
    ["\n \n", "error -: holds no cycles"],
    ["0\t1\t0\t0\n\0\0\t1", "error 2: holds bytes that are no text; expected plain UTF-8"],
  ])("says what is wrong with %j", (text, message) => {
    expect(
      problems(text).some((problem) => problem.startsWith(message)),
      problems(text).join("\n"),
    ).toBe(true);
  });

  it("collects every bad line in one pass and keeps the good ones", () => {
    const { cycles, problems } = read("0\t1\t0\n1\t2\t0\t0\n3\t2\t0\t0\n");
    expect(problems.map(({ line }) => line)).toEqual([1, 3]);
    expect(cycles.map(({ line }) => line)).toEqual([2]);
  });

  it("warns of cycles that overlap, whatever the order, and names both lines", () => {
    expect(problems("2\t3\t0\t0\n0\t2.5\t0\t0\n")).toEqual([
      "warning 1: the cycle at 2 s begins before the one of line 2 ends, at 2.5 s",
    ]);
    // A long cycle that holds two others overlaps both.
    expect(problems("0\t9\t0\t0\n1\t2\t0\t0\n3\t4\t0\t0\n")).toHaveLength(2);
    expect(problems("0\t1\t0\t0\n1\t2\t0\t0\n")).toEqual([]);
  });
});
