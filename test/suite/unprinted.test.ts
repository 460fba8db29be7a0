import { expect, test } from "vitest";
import { judge } from "../../src/suite/reporting/judge.js";
import { printedOnly } from "../../src/suite/reporting/printedOnly.js";
import type { ReportCell } from "../../src/suite/reporting/reportModel.js";

const percent = { unit: "percent", decimals: 1 } as const;
const ours = { mean: 42, low: 38, high: 47, n: 1 };

test("where nothing is printed, ours is not said to differ from print; that its budget is reduced is said", () => {
  const reasons = ["other test set", "other protocol", "reduced budget"] as const;
  expect(judge(percent, {}, null, ours, reasons)).toEqual({ verdict: "not printed", why: "reduced budget" });
  expect(judge(percent, {}, 50, ours, reasons)).toEqual({ verdict: "not comparable", why: reasons.join(", ") });
});

test("a table without print has no list of what is printed and not run; with one printed number it has", () => {
  const cell = (printed: number | null) =>
    ({ row: "lean CNN", column: "Score", printed, ours: null, verdict: "not run", why: "not run" }) as ReportCell;
  expect(printedOnly([cell(null), cell(null)]).rows).toEqual([]);
  expect(printedOnly([cell(null), { ...cell(50), row: "CNN" }]).rows.map(({ name }) => name)).toEqual([
    "lean CNN",
    "CNN",
  ]);
});
