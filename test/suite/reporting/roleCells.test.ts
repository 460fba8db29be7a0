import { describe, expect, test } from "vitest";
import type { Assessment } from "../../../src/evaluation/assessment.js";
import { sprSoundTotal } from "../../../src/evaluation/sprsoundTotal.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import { summaryOf, summaryText } from "../../../src/suite/reporting/summaryLine.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { madeUpRecord } from "../madeUpRecord.js";

/** A published run of a task whose every patient has the same counts, so that resampling patients changes nothing. */
function run(row: string, task: string, counts: number[][], roles: Record<string, number[][]> = {}): RunRecord {
  const record = madeUpRecord({ runId: `${row} ${task}`, request: { row, task, protocol: "published" } });
  const labels = task === "21" ? ["Normal", "Poor Quality", "Adventitious"] : ["Normal", "Adventitious"];
  const set = (own: number[][], name = ""): Assessment => ({
    ...record.result.tests.inter!,
    confusion: { labels, counts: own.map((line) => line.map((count) => 4 * count)) },
    byPatient: [1, 2, 3, 4].map((p) => ({ patient: `P${p}${name}`, matrix: { labels, counts: own } })),
  });
  record.result.tests = { inter: set(counts), intra: set(counts, " of intra") };
  record.result.roles = Object.fromEntries(Object.entries(roles).map(([role, own]) => [role, set(own)]));
  record.data.hasPrintedTestSet = false;
  delete record.data.printedTestSet;
  return record;
}

/** (AS + HS) / 2 */
const score = (se: number, sp: number) => ((se + sp) / 2 + (2 * se * sp) / (se + sp)) / 2;
const LINEAR = "ResNet 18 + SupCon";

describe("cells of Table I", () => {
  const train = [[9, 1], [0, 10]]; // biome-ignore format: one line
  const select = [[8, 2], [2, 8]]; // biome-ignore format: one line
  const inter = [[5, 5], [1, 9]]; // biome-ignore format: one line
  const record = run(LINEAR, "11", inter, { train, select });

  test("hold the training and select roles and the inter set, from a record and from the index", async () => {
    const entry = await findExperiment("supcon-sprs/table1");
    for (const one of [record, summaryOf(JSON.parse(summaryText(record)))]) {
      const { cells } = reportModel(entry, [one]);
      const of = (row: string) => cells.find((cell) => cell.row === row && cell.column === "Task 1-1")!;
      expect(of("Linear Classifier, Train").ours!.mean).toBeCloseTo(score(1, 0.9));
      expect(of("Linear Classifier, Valid").ours!.mean).toBeCloseTo(score(0.8, 0.8));
      expect(of("Linear Classifier, Inter-Test").ours!.mean).toBeCloseTo(score(0.9, 0.5));
      expect(of("+ MixUp, Train").ours).toBeNull();
    }
  });

  test("are held against print on the set that they name, though the set of Table III is not here", async () => {
    const cellIn = async (id: string, row: string) =>
      reportModel(await findExperiment(id), [record]).cells.find((cell) => cell.row === row && cell.ours)!;
    expect((await cellIn("supcon-sprs/table3", LINEAR)).why).toContain("other test set");
    const cell = await cellIn("supcon-sprs/table1", "Linear Classifier, Inter-Test");
    expect(["reproduced", "compatible", "above", "below", "cannot tell"]).toContain(cell.verdict);
  });
});

test("the abstract's Total is over the four tasks, and is none without one of them", async () => {
  const entry = await findExperiment("supcon-sprs/abstract");
  const row = "ResNet 18 + SupCon + MixUp";
  const binary = [[8, 2], [1, 9]]; // biome-ignore format: one line
  const three = [[6, 2, 2], [0, 4, 0], [1, 0, 9]]; // biome-ignore format: one line
  const records = [run(row, "11", binary), run(row, "12", binary), run(row, "21", three), run(row, "22", binary)];
  const totalOf = (of: RunRecord[]) =>
    reportModel(entry, of).cells.find((cell) => cell.row === "Without tuning" && cell.column === "Total")!.ours;
  const [two, other] = [score(0.9, 0.8), score(0.9, 0.6)];
  const expected = sprSoundTotal({ "11": two, "12": two, "21": other, "22": two });
  expect(totalOf(records)).toMatchObject({ mean: expect.closeTo(expected!), low: expect.closeTo(expected!), n: 1 });
  expect(totalOf(records.slice(1))).toBeNull();
});
