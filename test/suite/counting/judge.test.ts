import { describe, expect, it } from "vitest";
import { CountingData } from "../../../src/suite/counting/countingData.js";
import { countQuery } from "../../../src/suite/counting/countQuery.js";
import { judge } from "../../../src/suite/counting/judge.js";
import type { OtherRow } from "../../../src/suite/counting/judgedCell.js";
import type { CountQuery, Unit } from "../../../src/suite/entry.js";
import { wholeIcbhi, writeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { markMadeUp } from "./madeUpSets.js";

const nothing = new CountingData("/nowhere");

/** The flag of a printed number beside its count. */
function flagOf(
  printed: number,
  counted: number,
  unit: Unit,
  { others = [], query = {}, data = nothing }: { others?: OtherRow[]; query?: CountQuery; data?: CountingData } = {},
) {
  const column = { key: "n", title: "N", unit, ...(unit === "share" ? { decimals: 2 } : {}) };
  return judge({ row: "a", column, printed, counted, query, others }, data);
}

describe("a printed number that is not the count", () => {
  it("is none where it is the count as it is printed", () => {
    expect(flagOf(1864, 1864, "count")).toBeUndefined();
    expect(flagOf(0.49, 2082 / 4262, "share")).toBeUndefined();
    expect(flagOf(65, 64.77, "percent")).toBeUndefined();
  });

  it("was cut, or rounded to a neighbour, or is wrong", () => {
    expect(flagOf(0.11, 215 / 1864, "share")).toEqual({
      row: "a",
      column: "n",
      printed: 0.11,
      found: 215 / 1864,
      kind: "truncation",
      says: "0.11 is printed, 0.1153 counted: cut, not rounded",
    });
    expect(flagOf(0.08, 37 / 494, "share")?.kind).toBe("rounding");
    expect(flagOf(95, 93.67, "percent")?.kind).toBe("error");
    // A count is whole: one more is no matter of rounding.
    expect(flagOf(887, 886, "count")?.kind).toBe("error");
  });

  it("is another row's, and that row's is its own: exchanged", () => {
    const others = [
      { row: "b", printed: 336, counted: 347 },
      { row: "c", printed: 347, counted: 347 },
    ];
    const says = "347 is printed, 336 counted: this is the count of b, and the other way round";
    expect(flagOf(347, 336, "count", { others })?.says).toBe(says);
    // 0.10 is one unit off and 0.09 is cut, but together they are exchanged.
    const shares = [{ row: "b", printed: 0.09, counted: 0.0953 }];
    expect(flagOf(0.1, 0.0923, "share", { others: shares })?.kind).toBe("error");
    expect(flagOf(0.1, 0.0923, "share")?.kind).toBe("rounding");
  });

  it("is another row's alone", () => {
    const others = [{ row: "b", printed: null, counted: 363 }];
    expect(flagOf(363, 143, "count", { others })?.says).toMatch(/: this is the count of b$/);
    expect(flagOf(33, 9.79, "percent", { others: [{ row: "b", printed: null, counted: 33.43 }] })?.says).toMatch(
      /: this is the share of b$/,
    );
    // Small numbers and shares that are printed elsewhere are met by chance.
    expect(flagOf(2, 5, "count", { others: [{ row: "b", printed: 2, counted: 2 }] })?.says).toBe(
      "2 is printed, 5 counted",
    );
    expect(flagOf(0.5, 0.1, "share", { others: [{ row: "b", printed: 0.5, counted: 0.5 }] })?.says).not.toContain("b");
  });

  it("has a wrong digit, or two that are exchanged", () => {
    expect(flagOf(3433, 3443, "count")?.says).toMatch(/: one digit differs$/);
    expect(flagOf(4364, 4346, "count")?.says).toMatch(/: two digits are exchanged$/);
    expect(flagOf(1468, 1456, "count")?.says).toBe("1468 is printed, 1456 counted");
  });

  it("is the count of another side, another reading of the list, another class or device", () => {
    const data = new CountingData(markMadeUp(wholeIcbhi()));
    const flagFor = (query: CountQuery, other: CountQuery) =>
      flagOf(countQuery(other, data)!, countQuery(query, data)!, "count", { query, data })?.says;
    const official = { split: "official", side: "train" } as const;
    expect(flagFor(official, { ...official, side: "test" })).toContain("the count of the test side of official");
    expect(flagFor(official, { ...official, split: "official-patient-leak" })).toContain(
      "the training side of official-patient-leak",
    );
    expect(flagFor({ ...official, class: "Both" }, official)).toContain("no side of any split has this count");
    expect(flagFor({ device: "Meditron" }, { device: "AKGC417L" })).toContain("this is the count of AKGC417L");
  });

  it("is right with the bin's other edge, or with lengths in double precision", () => {
    // Two cycles of 0.3 s, of which one is 0.29999999999999993 in double precision, and one of 0.2 s.
    const annotation = "0.1\t0.4\t0\t0\n0.4\t0.7\t0\t0\n1\t1.2\t0\t0\n";
    const data = new CountingData(markMadeUp(writeIcbhi([{ name: "301_1b1_Al_sc_Meditron", annotation }])));
    const query: CountQuery = { lengthSeconds: [0.1, 0.3] };
    const flagFor = (printed: number) => flagOf(printed, countQuery(query, data)!, "count", { query, data });
    expect(flagFor(1)).toBeUndefined();
    expect(flagFor(2)).toMatchObject({
      kind: "bin edge",
      says: "2 is printed, 1 counted: right for lengths computed as end minus start in double precision",
    });
    expect(flagFor(3)).toMatchObject({
      kind: "bin edge",
      says: "3 is printed, 1 counted: right where a bin holds its upper edge",
    });
    expect(flagFor(4)?.kind).toBe("error");
  });
});
