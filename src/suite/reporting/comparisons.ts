import type { ConfusionMatrix } from "../../evaluation/confusion.js";
import { holm } from "../../evaluation/holm.js";
import { randomisationTest } from "../../evaluation/randomisationTest.js";
import { mayRank } from "../../evaluation/sanityRules.js";
import { contributionCorrelation, smallestDetectable } from "../../evaluation/smallestDetectable.js";
import { Streams } from "../../random/streams.js";
import type { ExperimentEntry } from "../entry.js";
import { shareOfUnit } from "../printedScore.js";
import { countedMetric } from "./cellMetric.js";
import { cellMeasure } from "./cellSource.js";
import type { EstimateStore } from "./estimateStore.js";
import { type SeedSets, setsOfSeeds } from "./estimates.js";
import type { Comparison, ReportCell } from "./reportModel.js";
import type { RunSummary } from "./summaryLine.js";

/** What one test gives, from 0 to 1. */
interface Tested {
  difference: number;
  low: number | null;
  high: number | null;
  p: number | null;
  smallestDetectable: number | null;
}

/**
 * Each row of a table against its first row that was run, where both are Scores of one variant on the same patients: randomisation tests
 * that swap whole patients, with Holm's correction over the table.
 */
export function comparisonsOf(
  entry: ExperimentEntry,
  cells: readonly ReportCell[],
  runs: readonly RunSummary[],
  store: EstimateStore,
): Comparison[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  const ranked = cells.filter(
    ({ ours, edition, beside }) =>
      typeof ours?.mean === "number" && edition === undefined && beside && mayRank(beside.epochs),
  );
  const tested = ranked.flatMap((cell): Omit<Comparison, "holm">[] => {
    const base = ranked.find(({ column, variant }) => column === cell.column && variant === cell.variant)!;
    if (base === cell) return [];
    // What a table shows of one run, such as its devices, is no other row.
    if (cell.runs.every((id) => base.runs.includes(id))) return [];
    const [own, its] = [cell, base].map(({ row, column, runs: ids }) => {
      const measure = cellMeasure(
        entry.rows.find(({ name }) => name === row)!,
        entry.columns.find(({ title }) => title === column)!,
      );
      return {
        measure,
        sets: setsOfSeeds(
          ids.map((id) => byId.get(id)!),
          measure,
        ),
      };
    });
    const metric = own!.sets[0]?.[0] && countedMetric(own!.measure, own!.sets[0][0]);
    // Counts by device are not kept by patient.
    if (!metric || [own, its].some((one) => one!.measure.device !== undefined)) return [];
    const metrics = (pooled: ConfusionMatrix) => ({ value: metric.of(pooled) });
    const all = [...own!.sets.flat(), ...its!.sets.flat()];
    const shape = [own!.sets.length, its!.sets.length].join(" ");
    const found = store.get(`comparison ${metric.name} ${shape}`, all, () => test(own!.sets, its!.sets, metrics));
    if (found?.p === null || found?.p === undefined) return [];
    const scaled = (value: number | null) => (value === null ? null : value / (shareOfUnit(cell.unit) ?? 1));
    return [
      {
        ...{ column: cell.column, variant: cell.variant!, row: cell.row, base: base.row, unit: cell.unit, p: found.p },
        ...{ difference: scaled(found.difference)!, low: scaled(found.low), high: scaled(found.high) },
        smallestDetectable: scaled(found.smallestDetectable),
      },
    ];
  });
  const corrected = holm(tested.map(({ p }) => p));
  return tested.map((one, i) => ({ ...one, holm: corrected[i]! }));
}

/** Null where the rows do not share their patients. */
function test(
  first: SeedSets,
  second: SeedSets,
  metrics: (pooled: ConfusionMatrix) => { value: number },
): Tested | null {
  const counts = (rows: SeedSets) => rows.map((sets) => sets.map(({ byPatient }) => byPatient));
  const rows = { first: counts(first), second: counts(second) };
  try {
    const { difference, low, high, p } = randomisationTest({ ...rows, metrics, streams: new Streams(0) }).value;
    const correlation = contributionCorrelation(rows.first, rows.second, metrics).value;
    const least = Number.isFinite(correlation)
      ? smallestDetectable({ runs: rows.second, metrics, correlation }).value.difference
      : null;
    return { difference, low, high, p, smallestDetectable: least };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
