import { describe, expect, test } from "vitest";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { madeUpRecord } from "../madeUpRecord.js";

const labels = ["Normal", "Adventitious"];

/** A published run whose every patient has the same counts, so that resampling patients changes nothing. */
function run(row: string, counts: number[][], seed = 0, over: Partial<RunRecord> = {}): RunRecord {
  const record = madeUpRecord({ runId: `${row} ${seed}`, request: { row, seed, protocol: "published" } });
  const byPatient = [1, 2, 3, 4].map((p) => ({ patient: `P${p}`, matrix: { labels, counts } }));
  const confusion = { labels, counts: counts.map((line) => line.map((count) => 4 * count)) };
  record.result.tests = {
    inter: { ...record.result.tests.inter!, confusion, byPatient },
  } as typeof record.result.tests;
  return { ...record, ...over };
}

async function entryOf(over: Partial<ExperimentEntry>): Promise<ExperimentEntry> {
  return { ...(await findExperiment("supcon-sprs/table3")), ...over };
}

describe("cells of any shape", () => {
  // Se 3/4, Sp 8/10; precision of Normal 8/9.
  const counts = [[8, 2], [1, 3]]; // biome-ignore format: one line

  test("a cell holds what its measure names, in the column's unit, of the runs that its row names", async () => {
    const percent = { unit: "percent" as const, task: "11" };
    const entry = await entryOf({
      columns: [
        { key: "sp", title: "Sp", ...percent, measure: { metric: "sp" } },
        { key: "pre", title: "Precision", ...percent, measure: { metric: "precision", class: "Normal" } },
        {
          key: "cell",
          title: "as Normal",
          unit: "count",
          task: "11",
          measure: { metric: "count", class: "Adventitious", predicted: "Normal" },
        },
        { key: "size", title: "Size", unit: "millions", task: "11", measure: { metric: "parameters" } },
        { key: "none", title: "none", ...percent, measure: { metric: "recall", class: "Wheeze" } },
      ],
      rows: [
        {
          name: "second",
          printed: { sp: 79, pre: 95, cell: 4, size: 11.2, none: 1 },
          state: "built",
          runs: { row: "first" },
        },
        { name: "gain", printed: { sp: 5 }, state: "built", runs: { row: "other" }, measure: { minus: "second" } },
      ],
    });
    const better = [[9, 1], [1, 3]]; // biome-ignore format: one line
    const { cells } = reportModel(entry, [run("first", counts), run("other", better)]);
    const of = (row: string, column: string) => cells.find((cell) => cell.row === row && cell.column === column)!;
    expect(of("second", "Sp")).toMatchObject({
      ours: { mean: expect.closeTo(80), low: expect.closeTo(80), n: 1 },
      verdict: "reproduced",
    });
    expect(of("second", "Precision")).toMatchObject({
      ours: { mean: expect.closeTo((100 * 8) / 9) },
      verdict: "below",
    });
    expect(of("second", "as Normal")).toMatchObject({ ours: { mean: 4 }, verdict: "cannot tell" });
    expect(of("second", "Size")).toMatchObject({ ours: { mean: 11.171266 }, verdict: "reproduced" });
    expect(of("second", "none")).toMatchObject({ ours: null, why: "its runs do not hold this number" });
    expect(of("gain", "Sp")).toMatchObject({ ours: { mean: expect.closeTo(10) } });
  });

  test("a difference of points is there for rows alone that have one to be taken to", async () => {
    const points = { title: "gain", unit: "points" as const, task: "11" };
    const entry = await entryOf({
      columns: [
        { key: "score", title: "Score", unit: "percent", task: "11" },
        { key: "gain", ...points, measure: { metric: "sp" } },
      ],
      rows: [
        { name: "first", printed: { score: 70 }, state: "built" },
        { name: "other", printed: { score: 72 }, state: "built", measures: { gain: { minus: "first" } } },
      ],
    });
    const better = [[9, 1], [1, 3]]; // biome-ignore format: one line
    const { cells } = reportModel(entry, [run("first", counts), run("other", better)]);
    expect(cells.map(({ row, column }) => [row, column])).toEqual([
      ["first", "Score"],
      ["other", "Score"],
      ["other", "gain"],
    ]);
    expect(cells[2]!.ours!.mean).toBeCloseTo(10);
  });

  test("runs of another recipe, split or number of epochs are not averaged with the others, and stand below them", async () => {
    const entry = await entryOf({});
    const old = run("CNN", [[10, 0], [0, 4]], 2); // biome-ignore format: one line
    const records = [old, run("CNN", counts, 0, { recipe: "new" }), run("CNN", counts, 1, { recipe: "new" })];
    const cells = reportModel(entry, records).cells.filter(({ ours }) => ours !== null);
    expect(cells.map(({ edition, ours }) => [edition, ours!.n])).toEqual([
      [undefined, 2],
      ["recipe of an earlier version", 1],
    ]);
    expect(cells[1]!.ours!.mean).toBe(1);
  });

  test("rows of ten epochs and more are held against the first on the same patients, with Holm's correction", async () => {
    const entry = await entryOf({});
    const worse = [[6, 4], [3, 1]]; // biome-ignore format: one line
    const records = [run("CNN", counts), run("ResNet 18", worse)];
    const { comparisons } = reportModel(entry, records, { compare: true });
    expect(comparisons).toEqual([
      expect.objectContaining({ row: "ResNet 18", base: "CNN", variant: "published, full" }),
    ]);
    // Of four patients that all change alike, 2 of the 16 arrangements are as far apart as what was seen.
    expect(comparisons[0]).toMatchObject({ p: expect.closeTo(2 / 16), holm: expect.closeTo(2 / 16) });
    for (const record of records) record.result.epochs = 9;
    expect(reportModel(entry, records, { compare: true }).comparisons).toEqual([]);
  });

  test("published beside honest: the gap; best epoch on the test set beside the last tenth: the optimism", async () => {
    const entry = await entryOf({});
    const published = run("CNN", counts);
    published.result.lastEpochs = { role: "test", epochs: 2, median: 0.5, mean: 0.5, low: 0.4, high: 0.6 };
    published.result.history = [0.4, 0.9, 0.6].map((score, i) => ({
      epoch: i + 1,
      seconds: 1,
      metrics: { "test/mean/score": score },
    }));
    const honest = run("CNN", [[10, 0], [0, 4]], 0, {}); // biome-ignore format: one line
    honest.runId = "honest";
    honest.request = { ...honest.request, protocol: "honest" };
    const [one, other] = reportModel(entry, [published, honest]).cells.filter(({ ours }) => ours !== null);
    expect(one).toMatchObject({ variant: "published, full", optimism: expect.closeTo(0.4) });
    expect(one!.protocolGap).toBeCloseTo(one!.ours!.mean! - 1);
    expect(other).toMatchObject({ optimism: null, protocolGap: one!.protocolGap });
  });
});
