import type { Assessment } from "../../evaluation/assessment.js";
import { clusteredEstimate } from "../../evaluation/clusteredEstimate.js";
import type { ConfusionMatrix } from "../../evaluation/confusion.js";
import { type FoldMembers, requireEachOnce } from "../../evaluation/crossValidation.js";
import { unpairedDifference } from "../../evaluation/unpairedDifference.js";
import { Streams } from "../../random/streams.js";
import type { Measure } from "../entry.js";
import { type CountedMetric, countedMetric, integratedMetric } from "./cellMetric.js";
import { foldOf } from "./cellSource.js";
import type { EstimateStore } from "./estimateStore.js";
import { headlineSets } from "./headlineSets.js";
import type { Estimate } from "./reportModel.js";
import { patientCount, patientNames, pooledFolds, type RunSummary } from "./summaryLine.js";

/** [seeds][sets]: the sets of one seed's run, the folds of a cross-validation pooled. */
export type SeedSets = Assessment[][];

/**
 * The sets that a cell speaks of, one list a seed. Empty where the runs do not have the set. Throws RangeError that names them where
 * patients are tested in two folds of a seed.
 */
export function setsOfSeeds(runs: readonly RunSummary[], measure: Measure): SeedSets {
  return [...bySeed(runs).values()].flatMap((own) => {
    const sets = setNames(own[0]!, measure).map((name) =>
      own.flatMap(({ result }) => testsOf(result, measure)?.[name] ?? []),
    );
    if (sets.some((ofFolds) => ofFolds.length !== own.length)) return [];
    for (const ofFolds of own.length > 1 ? sets : []) {
      const folds = ofFolds.map((set, f) => membersOf(own[f]!, set));
      requireEachOnce(folds, "patients");
    }
    return [sets.map(pooledFolds)];
  });
}

function setNames(run: RunSummary, { set }: Measure): string[] {
  if (set === undefined) return headlineSets(run);
  return set === "mean" ? ["inter", "intra"] : [set];
}

/** The sets that a measure speaks of: test sets, the roles that learnt and chose, or recordings integrated from windows. */
function testsOf(
  { tests, roles, records }: RunSummary["result"],
  measure: Measure,
): Partial<Record<string, Assessment>> | undefined {
  if (measure.set === "train" || measure.set === "select") return roles;
  if (integratedMetric(measure) === undefined) return tests;
  return records?.find(({ stepSeconds }) => stepSeconds === (measure.stepSeconds ?? 1))?.tests;
}

function membersOf({ request }: RunSummary, set: Assessment): FoldMembers {
  return { name: foldOf(request) ?? "a run without a fold", members: patientNames(set) };
}

/** Runs by seed; several of one seed are the folds of a cross-validation. */
export function bySeed(runs: readonly RunSummary[]): Map<number, RunSummary[]> {
  const seeds = new Map<number, RunSummary[]>();
  for (const run of [...runs].sort((a, b) => ((foldOf(a.request) ?? "") < (foldOf(b.request) ?? "") ? -1 : 1))) {
    seeds.set(run.request.seed, [...(seeds.get(run.request.seed) ?? []), run]);
  }
  return seeds;
}

/** `Estimate` in the metric's own unit, with what stands in the way of an interval. */
export interface CellEstimate extends Estimate {
  noInterval?: string;
}

/**
 * Mean over seeds with its 95 % interval over patients and seeds; with `base`, of the difference to its runs. Undefined where the sets'
 * counts do not give the metric.
 */
export function estimateOf(
  seeds: SeedSets,
  measure: Measure,
  store: EstimateStore,
  base?: SeedSets,
): CellEstimate | undefined {
  const [first] = seeds;
  const metric = first?.[0] && countedMetric(measure, first[0]);
  if (!metric || (base && base.length === 0)) return undefined;
  const n = seeds.length;
  if (measure.device !== undefined) return ofDevice(seeds, measure.device, metric, base);
  const all = [...seeds.flat(), ...(base ?? []).flat()];
  if (all.some((set) => patientCount(set) === 0)) return stored(seeds, measure);
  const shape = [seeds, base].map((rows) => rows?.map((sets) => sets.length).join(" ")).join(" minus ");
  const found = store.get(`estimate ${metric.name} ${shape}`, all, () => {
    try {
      const counts = (rows: SeedSets) => rows.map((sets) => sets.map((set) => set.byPatient));
      const options = { metrics: (pooled: ConfusionMatrix) => ({ value: metric.of(pooled) }), streams: new Streams(0) };
      if (!base) {
        const { mean, low, high } = clusteredEstimate({ ...options, runs: counts(seeds) }).value;
        return { mean, low, high };
      }
      const { mean, low, high } = unpairedDifference({
        ...options,
        first: counts(seeds),
        second: counts(base),
      }).value;
      return { mean, low, high };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const mean = meanOf(seeds, metric) - (base ? meanOf(base, metric) : 0);
      return { mean, low: null, high: null, noInterval: error.message };
    }
  });
  const { mean, low, high, noInterval } = found as CellEstimate;
  return { mean, low, high, n, ...(noInterval && { noInterval }) };
}

function meanOf(seeds: SeedSets, metric: CountedMetric): number {
  const values = seeds.map((sets) => sets.reduce((sum, { confusion }) => sum + metric.of(confusion), 0) / sets.length);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function ofDevice(seeds: SeedSets, device: string, metric: CountedMetric, base?: SeedSets): CellEstimate | undefined {
  const mean = (rows: SeedSets) => {
    const values = rows.map((sets) => {
      const own = sets.flatMap(({ byDevice }) => byDevice?.find((one) => one.device === device)?.matrix ?? []);
      return own.length === sets.length ? own.reduce((sum, one) => sum + metric.of(one), 0) / own.length : Number.NaN;
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const value = mean(seeds) - (base ? mean(base) : 0);
  if (Number.isNaN(value)) return undefined;
  const noInterval = "counts by device are not kept by patient";
  return { mean: value, low: null, high: null, n: seeds.length, noInterval };
}

/** Of records that hold no patients' counts: the means of what they state. */
function stored(seeds: SeedSets, { metric = "score" }: Measure): CellEstimate {
  const mean = (value: (set: Assessment) => number | null | undefined) => {
    const values = seeds.flat().map(value);
    return values.every(Number.isFinite)
      ? (values as number[]).reduce((sum, one) => sum + one, 0) / values.length
      : null;
  };
  const bound = (end: "low" | "high") =>
    mean(({ intervals }) => (intervals as Record<string, { low: number; high: number }> | undefined)?.[metric]?.[end]);
  return {
    mean: mean(({ scores }) => (scores as unknown as Record<string, number>)[metric]),
    low: bound("low"),
    high: bound("high"),
    n: seeds.length,
  };
}
