import { beforeAll, describe, expect, test } from "vitest";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import { renderReport } from "../../../src/suite/reporting/reportPage.js";
import { renderTable, rowLabel } from "../../../src/suite/reporting/reportTable.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { madeUpRecord } from "../madeUpRecord.js";

describe("report of made-up records", () => {
  let entry: ExperimentEntry;
  beforeAll(async () => {
    entry = await findExperiment("supcon-sprs/table3");
  });
  const cellOf = (records: RunRecord[], task = "Task 1-1") =>
    reportModel(entry, records).cells.find(({ row, column }) => row === "ResNet 18" && column === task)!;

  test("without runs: a cell for each printed number, not run", () => {
    const { cells, runs } = reportModel(entry, []);
    expect(cells).toHaveLength(6 * 4);
    expect(runs).toEqual([]);
    for (const { ours, why } of cells) {
      expect(ours).toBeNull();
      expect(why).toBe("not run");
    }
    expect(cells.map(({ printed }) => printed)).toEqual(entry.rows.flatMap(({ printed }) => Object.values(printed)));
  });

  const published = { request: { protocol: "published" as const } };

  test("a published run on the printed test set with the full budget is judged: 0.700 (0.680 to 0.720) against 0.708", () => {
    expect(cellOf([madeUpRecord(published)])).toMatchObject({
      printed: 0.708,
      ours: { mean: 0.7, low: expect.closeTo(0.68, 12), high: expect.closeTo(0.72, 12), n: 1 },
      verdict: "reproduced",
      row: "ResNet 18",
      variant: "published, full",
    });
    expect(cellOf([madeUpRecord()])).toMatchObject({ verdict: "not comparable", why: "other protocol" });
    expect(cellOf([madeUpRecord()], "Task 1-2")).toMatchObject({ ours: null, verdict: "not run", why: "not run" });
  });

  test.each([
    [{ data: { hasPrintedTestSet: false } }, "other test set"],
    [{ data: { madeUp: true } }, "made-up sounds"],
    [{ reduced: "reduced budget: 2 epochs" }, "reduced budget"],
    [
      { data: { madeUp: true, hasPrintedTestSet: false }, reduced: "reduced budget: 2 epochs" },
      "made-up sounds, other test set, reduced budget",
    ],
  ])("%j is not comparable", (over, why) => {
    expect(cellOf([madeUpRecord({ ...published, ...over })])).toMatchObject({ verdict: "not comparable", why });
  });

  test("seeds are averaged, and no reason of one of them is lost", () => {
    const records = [
      madeUpRecord({ score: 0.6, runId: "a", ...published }),
      madeUpRecord({ score: 0.8, runId: "b", request: { ...published.request, seed: 1 } }),
    ];
    const { ours } = cellOf(records);
    expect(ours!.n).toBe(2);
    expect(ours!.mean).toBeCloseTo(0.7, 12);
    expect(ours!.low).toBeCloseTo(0.68, 12);
    expect(ours!.high).toBeCloseTo(0.72, 12);
    const noTestSet = madeUpRecord({ data: { hasPrintedTestSet: false }, request: { ...published.request, seed: 1 } });
    expect(cellOf([records[0]!, noTestSet])).toMatchObject({ verdict: "not comparable", why: "other test set" });
  });

  test("what differs in protocol, preset, profile or data stands apart", () => {
    const records = [
      madeUpRecord(),
      madeUpRecord({ request: { protocol: "published" } }),
      madeUpRecord({ request: { preset: "authors" } }),
      madeUpRecord({ request: { profile: "quick" } }),
      madeUpRecord({ data: { madeUp: true, digest: "d2" } }),
    ];
    const rows = new Set(reportModel(entry, records).cells.filter(({ variant }) => variant).map(rowLabel)); // biome-ignore format: one line
    expect([...rows]).toEqual([
      "ResNet 18 (honest, full)",
      "ResNet 18 (published, full)",
      "ResNet 18 (honest, authors, full)",
      "ResNet 18 (honest, quick)",
      "ResNet 18 (honest, full, made-up sounds)",
    ]);
  });

  test("another experiment's runs are not shown", () => {
    const { runs, cells } = reportModel(entry, [madeUpRecord({ request: { experiment: "other/table1" } })]);
    expect(runs).toEqual([]);
    expect(cells.every(({ ours }) => ours === null)).toBe(true);
  });

  test("a set that has no Score is told, and neither table nor page shows NaN or null", () => {
    // JSON writes NaN as null, which is what a record holds when it is read again.
    const fresh = madeUpRecord({ score: Number.NaN, ...published });
    const again = JSON.parse(JSON.stringify(fresh)) as RunRecord;
    for (const record of [fresh, again]) {
      expect(cellOf([record])).toMatchObject({ verdict: "cannot tell" });
      const model = reportModel(entry, [record]);
      expect(renderTable(model)).not.toMatch(/NaN|null|undefined/);
      expect(renderReport(model, { plotlyScript: "" })).not.toMatch(/NaN|undefined/);
    }
  });

  test("a run's command makes that run", () => {
    const { runs } = reportModel(entry, [madeUpRecord({ request: { preset: "authors", seed: 3, task: "22" } })]);
    expect(runs[0]!.provenance["made by"]).toBe(
      'npx auscult run supcon-sprs/table3 --row "ResNet 18" --task 22 --protocol honest --preset authors --profile full --seed 3',
    );
  });
});
