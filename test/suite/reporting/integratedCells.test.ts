import { expect, test } from "vitest";
import { sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { integratedRecords, type WindowedRecording } from "../../../src/evaluation/sprsoundRecords.js";
import { modelMetrics } from "../../../src/suite/recording/summaryMetrics.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import { summaryOf, summaryText } from "../../../src/suite/reporting/summaryLine.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { renderRun } from "../../../src/suite/runSummary.js";
import { madeUpRecord } from "../madeUpRecord.js";

const T21 = sprSoundTask("21");
/** Each patient alike, so that resampling patients changes nothing. */
const alike = (windows: readonly [truth: number, windows: number[]][]): WindowedRecording[] =>
  [1, 2, 3, 4].flatMap((p) => windows.map(([label, of]) => ({ label, patient: `P${p}`, windows: of })));

function windowRun(): RunRecord {
  const request = { experiment: "supcon-sprs/table2", row: "Event level", task: "21", protocol: "published" } as const;
  const record = madeUpRecord({ request });
  const records = integratedRecords(
    {
      inter: alike([[0, [0, 0, 0, 0]], [2, [2, 2, 0, 0]], [2, [2, 0, 2, 0]]]), // biome-ignore format: one line
      intra: alike([[0, [0, 2, 2, 0]], [0, [0, 0, 0, 0]], [2, [2, 2, 2, 2]]]), // biome-ignore format: one line
    },
    T21,
  );
  // As it is read from its file.
  return JSON.parse(JSON.stringify({ ...record, result: { ...record.result, records } })) as RunRecord;
}

/** (AS + HS) / 2 */
const score = (se: number, sp: number) => ((se + sp) / 2 + (2 * se * sp) / (se + sp)) / 2;
const inter = score(1 / 2, 1);
const intra = score(1, 1 / 2);

test("Table II's second row holds the records of the first row's run, by set and as their mean", async () => {
  const entry = await findExperiment("supcon-sprs/table2");
  const record = windowRun();
  for (const run of [record, summaryOf(JSON.parse(summaryText(record)))]) {
    const { cells } = reportModel(entry, [run]);
    const of = (row: string, column: string) => cells.find((cell) => cell.row === row && cell.column === column)!.ours;
    const integrated = "Record level (integrated)";
    expect(of(integrated, "Task 2-1 inter")).toMatchObject({ mean: expect.closeTo(inter), low: expect.closeTo(inter) });
    expect(of(integrated, "Task 2-1 intra")).toMatchObject({ mean: expect.closeTo(intra), n: 1 });
    expect(of(integrated, "Task 2-1 mean (text)")!.mean).toBeCloseTo((inter + intra) / 2);
    expect(of(integrated, "Task 2-2 inter")).toBeNull();
    // Every second window: 2, 0 and 2, 2 of inter; 0, 2 of intra.
    expect(of(`${integrated}, step 2 s`, "Task 2-1 inter")!.mean).toBeCloseTo(score(1 / 2, 1));
    expect(of(`${integrated}, step 2 s`, "Task 2-1 intra")!.mean).toBeCloseTo(1);
    expect(of("Event level", "Task 2-1 mean (text)")!.mean).toBeCloseTo(0.7);
  }
});

test("terminal, tracker and report name the records of each step", async () => {
  const record = windowRun();
  const text = renderRun(record);
  for (const name of ["inter records ", "mean of inter and intra records ", "intra records every 2 s "]) {
    expect(text).toContain(`\n${name}`);
  }
  const metrics = modelMetrics(record)[""]!;
  expect(metrics["summary/inter records/score"]).toBeCloseTo(inter);
  expect(metrics["summary/mean of inter and intra records every 2 s/score"]).toBeCloseTo((inter + 1) / 2);
  expect(Object.keys(metrics).filter((key) => /records.*(auc|loss)/.test(key))).toEqual([]);
  const { runs } = reportModel(await findExperiment("supcon-sprs/table2"), [record]);
  expect(runs[0]!.scoresBySet["inter records"]).toMatchObject({ score: expect.closeTo(inter), items: 12, low: null });
});
