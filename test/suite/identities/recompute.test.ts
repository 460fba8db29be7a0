import { describe, expect, test } from "vitest";
import type { PrintedCell } from "../../../src/suite/identities/printedCell.js";
import { kindOf, recompute } from "../../../src/suite/identities/recompute.js";

/** A printed number, by its text. */
function printed(text: string, short = false): PrintedCell {
  const places = text.split(".")[1]?.length ?? 0;
  const column = { key: "x", title: "x", unit: "percent" } as const;
  return { value: Number(text), places, short, row: { name: "r" }, column } as unknown as PrintedCell;
}

const mean = ([a, b]: number[]) => (a! + b!) / 2;
const check = (score: PrintedCell, sp: PrintedCell, se: PrintedCell) => recompute(score, [sp, se], mean, "mean");

describe("recompute", () => {
  test.each([40, 41, 57])("agrees exactly where unrounded numbers exist that print so (Sp of %d tenths)", (sp) => {
    const tenths = (count: number) => printed((count / 10).toFixed(1));
    const se = 60;
    const possible = new Set<number>();
    // Every unrounded number in hundredths that prints as sp or se: from five below to four above.
    for (let a = -5; a < 5; a++)
      for (let b = -5; b < 5; b++) possible.add(Math.floor((10 * sp + a + 10 * se + b) / 20 + 0.5));
    for (let score = 30; score <= 70; score++)
      expect(check(tenths(score), tenths(sp), tenths(se)) === undefined, String(score)).toBe(possible.has(score));
  });

  test("of a tie the lower neighbour is possible, since its parts may be lower", () => {
    expect(check(printed("56.33"), printed("76.46"), printed("36.21"))).toBeUndefined();
    expect(check(printed("56.34"), printed("76.46"), printed("36.21"))).toBeUndefined();
    expect(check(printed("56.35"), printed("76.46"), printed("36.21"))).toMatchObject({ kind: "rounding" });
  });

  test("where print is short of places, the numbers have to fit as they stand", () => {
    expect(check(printed("0.57"), printed("0.76"), printed("0.39"))).toBeUndefined();
    expect(check(printed("0.57", true), printed("0.76"), printed("0.39"))).toMatchObject({
      kind: "truncation",
      found: 0.575,
    });
  });

  test.each([
    ["46.95", 46.95, "rounding"],
    ["47.00", 46.95, "rounding"],
    ["66.30", 66.35, "truncation"],
    ["0.11", 0.1153, "truncation"],
    ["0.12", 0.1053, "rounding"],
    ["-0.03", -0.63, "error"],
    ["7", 9, "error"],
  ] as const)("%s for %f is %s", (text, found, kind) => {
    expect(kindOf(printed(text), found)).toBe(kind);
  });
});
