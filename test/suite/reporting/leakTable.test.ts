import { expect, test } from "vitest";
import { leakTable } from "../../../src/suite/reporting/runDetail.js";
import { summaryOf, summaryText } from "../../../src/suite/reporting/summaryLine.js";
import { madeUpRecord } from "../madeUpRecord.js";

const patients = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ patient: `P${i}`, train: 60 + i, select: 0, test: 40 + i }));

test("each leaking patient has a line with counts of each role; many are folded in; none, no table", () => {
  const table = leakTable(patients(2));
  expect(table).toMatch(/P1<\/th><td class="number">61<\/td><td class="number">0<\/td><td class="number">41<\/td>/);
  expect(table).not.toContain("<details>");
  expect(leakTable(patients(7))).toMatch(/^<details><summary>7 patients on both sides of the split<\/summary>/);
  expect(leakTable([])).toBe("");
});

test("the index of runs leaves them to the records", () => {
  const record = madeUpRecord({ split: { leakedPatients: patients(3) } });
  const { split } = summaryOf(JSON.parse(summaryText(record)));
  expect(split).toEqual({ name: "sprsound/11/honest", digest: "s1", leaks: [] });
});
