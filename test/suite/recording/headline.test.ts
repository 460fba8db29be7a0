import { beforeAll, describe, expect, test } from "vitest";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { headlineOf } from "../../../src/suite/recording/headline.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { madeUpRecord } from "../madeUpRecord.js";

/** Mean of inter and intra 0.7, the printed test set 0.5. */
function withPrintedSet(): RunRecord {
  const record = madeUpRecord({ score: 0.7, data: { printedTestSet: "test2023" } });
  const { tests } = madeUpRecord({ score: 0.5 }).result;
  record.result.tests.test2023 = tests.inter!;
  return record;
}

describe("the number beside the printed one", () => {
  let entry: ExperimentEntry;
  beforeAll(async () => {
    entry = await findExperiment("supcon-sprs/table3");
  });
  const ours = (record: RunRecord) =>
    reportModel(entry, [record]).cells.find((cell) => cell.ours !== null && cell.column === "Task 1-1")!;

  test("is of the printed test set where the run has it: 0.500 (0.480 to 0.520) against 0.708", () => {
    const record = withPrintedSet();
    expect(headlineOf(record)).toMatchObject({
      of: "test2023",
      scores: { score: 0.5 },
      intervals: { score: { low: 0.48 } },
    });
    record.request.protocol = "published";
    expect(ours(record)).toMatchObject({ ours: { mean: 0.5, low: 0.48, high: 0.52 }, verdict: "below" });
  });

  test("where it has not: unseen patients alone under honest, the mean of the sets under published", () => {
    const record = madeUpRecord({ score: 0.7, data: { hasPrintedTestSet: false } });
    record.result.tests.inter = madeUpRecord({ score: 0.6 }).result.tests.inter!;
    expect(headlineOf(record)).toMatchObject({ of: "inter", scores: { score: 0.6 } });
    expect(ours(record)).toMatchObject({
      ours: { mean: 0.6 },
      verdict: "not comparable",
      why: "other test set, other protocol",
    });
    record.request.protocol = "published";
    expect(headlineOf(record)).toMatchObject({ of: "mean of inter and intra", scores: { score: 0.7 } });
    expect(ours(record)).toMatchObject({
      ours: { mean: expect.closeTo(0.65, 12) },
      verdict: "not comparable",
      why: "other test set",
    });
  });
});
