import { describe, expect, test } from "vitest";
import { assessIcbhi } from "../../../src/evaluation/icbhiAssessment.js";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { besideWords } from "../../../src/suite/reporting/besideWords.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { madeUpRecord } from "../madeUpRecord.js";

const labels = ["Normal", "Crackle", "Wheeze", "Both"];

/** A run on ICBHI whose patients each have ten normal cycles and ten with crackles, of which so many are right. */
function run(patients: readonly string[], right: number, over: { fold?: string; split?: string } = {}): RunRecord {
  const { fold, split = "icbhi/fold0/honest" } = over;
  const record = madeUpRecord({
    runId: `${fold} ${patients.join()}`,
    request: { experiment: "p/folds", row: "a row", task: "4-class", ...(fold !== undefined && { fold }) },
    split: { name: split, digest: split },
  });
  const cycles = patients.flatMap((patient, p) =>
    Array.from({ length: 20 }, (_, i) => {
      const label = i < 10 ? 0 : 1;
      const decided = i % 10 < right ? label : 2;
      return { patient, label, device: `device ${p % 2}`, logits: labels.map((_, c) => (c === decided ? 1 : 0)) };
    }),
  );
  const logits = Float32Array.from(cycles.flatMap((cycle) => cycle.logits));
  const { mean: _, ...result } = record.result;
  return { ...record, result: { ...result, tests: { test: assessIcbhi({ examples: cycles, logits, labels }) } } };
}

async function entryOf(): Promise<ExperimentEntry> {
  const like = await findExperiment("supcon-sprs/table3");
  return {
    ...like,
    ...{ id: "p/folds", tasks: ["4-class"], rows: [{ name: "a row", printed: {}, state: "built" }] },
    columns: [
      { key: "score", title: "Score", unit: "percent", task: "4-class" },
      { key: "device", title: "device 1", unit: "percent", task: "4-class", measure: { device: "device 1" } },
    ],
  };
}

describe("cells of a cross-validation", () => {
  test("pool the folds' counts, and have the mean of the folds beside", async () => {
    // Three patients at 8 of 10 and one at 4 of 10: pooled 0.7, while the folds' mean is 0.6.
    const runs = [
      run(["101", "102", "103"], 8, { fold: "fold0", split: "icbhi/fold0/honest" }),
      run(["104"], 4, { fold: "fold1", split: "icbhi/fold1/honest" }),
    ];
    const [cell, ofDevice] = reportModel(await entryOf(), runs).cells;
    expect(cell!.ours).toMatchObject({ mean: expect.closeTo(70), n: 1 });
    expect(cell!.beside!.folds).toMatchObject({
      ...{ names: ["fold0", "fold1"], mean: expect.closeTo(0.6), low: 0.4, high: 0.8 },
      deviation: expect.closeTo(0.4 / Math.SQRT2),
    });
    expect(besideWords(cell!)[1]).toBe(
      "2 folds pooled; their own Scores: mean 0.600, standard deviation 0.283, from 0.400 to 0.800",
    );
    // Of device 1 there is one patient, in the first fold.
    expect(ofDevice!.ours!.mean).toBeCloseTo(80);
  });

  test("have no number where a patient is tested in two folds, but say who", async () => {
    const runs = [run(["101", "102"], 8, { fold: "fold0" }), run(["102", "103"], 8, { fold: "fold1" })];
    const [cell] = reportModel(await entryOf(), runs, { compare: true }).cells;
    expect(cell!.ours!.mean).toBeNull();
    expect(cell!.why).toContain("patients tested more than once: 102 (fold0, fold1)");
  });
});

test("a gain on one device is taken of that device's cycles, and devices of one run are no rows against each other", async () => {
  const entry = await entryOf();
  const devices = ["device 0", "device 1"].map((device) => ({
    ...{ name: device, printed: {}, state: "built" as const, runs: { row: "tuned" } },
    measures: { gain: { device, minus: "a row" }, score: { device } },
  }));
  entry.columns = [
    { key: "score", title: "Score", unit: "percent", task: "4-class" },
    { key: "gain", title: "gain", unit: "points", task: "4-class" },
  ];
  entry.rows = [...entry.rows, ...devices];
  const tuned = run(["101", "102", "103"], 9);
  tuned.request.row = "tuned";
  tuned.runId = "tuned";
  const base = run(["101", "102", "103"], 8);
  const { cells, comparisons } = reportModel(entry, [base, tuned], { compare: true });
  const gains = cells.filter(({ column }) => column === "gain");
  expect(gains.map(({ row, ours }) => [row, ours!.mean])).toEqual([
    ["device 0", expect.closeTo(10)],
    ["device 1", expect.closeTo(10)],
  ]);
  expect(comparisons).toEqual([]);
});

test("a Score above 60 on the official split from scratch is doubted, and no other", async () => {
  const doubt = async (split: string, right: number) =>
    reportModel(await entryOf(), [run(["101", "102"], right, { split })]).cells[0]!.doubt;
  expect(await doubt("icbhi/official/honest", 7)).toMatch(/^Score 70\.0 from scratch/);
  expect(await doubt("icbhi/official/honest", 6)).toBeUndefined();
  expect(await doubt("icbhi/official-patient-leak/published", 7)).toBeUndefined();
  expect(await doubt("icbhi/fold4/honest", 7)).toBeUndefined();
});
