import { isIcbhi } from "../../evaluation/assessment.js";
import { foldSpread } from "../../evaluation/crossValidation.js";
import { optimism, protocolGap } from "../../evaluation/optimism.js";
import { leakSuspicion } from "../../evaluation/sanityRules.js";
import { sprSoundTotal, TOTAL_WEIGHTS } from "../../evaluation/sprsoundTotal.js";
import { caveatsOfAll } from "../caveats.js";
import type { ExperimentColumn, ExperimentEntry, ExperimentRow } from "../entry.js";
import { shareOfUnit } from "../printedScore.js";
import { reasonsAgainst } from "../recording/runDescription.js";
import { keptNumber } from "./cellMetric.js";
import { cellMeasure, cellSource, foldOf, isFrom } from "./cellSource.js";
import type { EstimateStore } from "./estimateStore.js";
import { bySeed, type CellEstimate, estimateOf, setsOfSeeds } from "./estimates.js";
import { headlineSets } from "./headlineSets.js";
import { judge } from "./judge.js";
import type { Beside, ReportCell } from "./reportModel.js";
import { bestTestScore, type RunSummary } from "./summaryLine.js";
import { type Edition, editionsOf, runsOfRow, type Variant, variantLabel, variantsOf } from "./variants.js";

/** Every cell of an entry: one for each variant that its row was run in, or one without. `runs` may hold other experiments' too. */
export function cellsOf(entry: ExperimentEntry, runs: readonly RunSummary[], store: EstimateStore): ReportCell[] {
  const cells = entry.rows.flatMap((row) => cellsOfRow(entry, row, runs, store));
  for (const cell of cells) cell.protocolGap = gapToTwin(cell, cells);
  return cells;
}

function cellsOfRow(
  entry: ExperimentEntry,
  row: ExperimentRow,
  runs: readonly RunSummary[],
  store: EstimateStore,
): ReportCell[] {
  const columns = columnsOfRow(entry, row);
  const sources = columns.map((column) => cellSource(entry, row, column));
  const homes = new Map(sources.map((source) => [`${source.experiment}\u0000${source.row}`, source]));
  const own =
    row.state === "literature"
      ? []
      : [...homes.values()]
          .flatMap((home) => runsOfRow(runs, home))
          .filter((run) => sources.some((source) => isFrom(source, run)));
  const shown: (Variant | undefined)[] = own.length > 0 ? variantsOf(own) : [undefined];
  return shown.flatMap((variant) =>
    columns.flatMap((column, c) => {
      const filling = (variant?.runs ?? []).filter((run) => isFrom(sources[c]!, run));
      const isTotal = cellMeasure(row, column).metric === "total";
      const editions = filling.length === 0 ? [{ runs: [] }] : isTotal ? [newestOfTasks(filling)] : editionsOf(filling);
      return editions.map((edition) => {
        return cellOf(entry, row, column, { ...edition, ...(variant && { variant: variant.label }), all: runs }, store);
      });
    }),
  );
}

/**
 * Without differences that have no row to be taken to. Of a row that says something more of the runs of an earlier one, such as a gain that the text
 * states: what it prints and what it measures itself.
 */
function columnsOfRow(entry: ExperimentEntry, row: ExperimentRow): ExperimentColumn[] {
  const { experiment = entry.id, row: filledBy = row.name } = row.runs ?? {};
  const earlier = entry.rows.slice(0, entry.rows.indexOf(row)).some(({ name, runs, measure }) => {
    const { experiment: its = entry.id, row: itsRow = name, task, fold } = runs ?? {};
    const isSame = task === row.runs?.task && fold === row.runs?.fold;
    return its === experiment && itsRow === filledBy && (isSame || !runs) && !measure;
  });
  return entry.columns.filter((column) => {
    const { minus, relative } = cellMeasure(row, column);
    const isOwn = column.key in row.printed || row.measures?.[column.key] !== undefined;
    if (minus === undefined && (column.unit === "points" || relative)) return isOwn;
    return isOwn || !earlier || row.measure !== undefined;
  });
}

/** Of each task the runs that stand first in its own cell. */
function newestOfTasks(runs: readonly RunSummary[]): Edition {
  const tasks = [...new Set(runs.map(({ request }) => request.task))];
  return { runs: tasks.flatMap((task) => editionsOf(runs.filter(({ request }) => request.task === task))[0]!.runs) };
}

function cellOf(
  entry: ExperimentEntry,
  row: ExperimentRow,
  column: ExperimentColumn,
  filled: { variant?: string; label?: string; runs: RunSummary[]; all: readonly RunSummary[] },
  store: EstimateStore,
): ReportCell {
  const { variant, label: edition, runs, all } = filled;
  const { key, title, unit, decimals } = column;
  const printed = row.printed[key] ?? null;
  const found = runs.length > 0 ? numberOrReason(entry, row, column, runs, all, store) : null;
  const measure = cellMeasure(row, column);
  // A cell that names its set speaks of that one, which its runs hold: the set of other printed numbers is none of its concern.
  const isOnItsSet = measure.set !== undefined;
  const reasons = [...new Set(runs.flatMap(reasonsAgainst))].filter(
    (reason) => !(isOnItsSet && reason === "other test set"),
  );
  if (measure.metric === "total") reasons.push("no bonus for speed");
  const judged = judge(column, measure, printed, found, reasons);
  const isScore = measure.metric === undefined || measure.metric === "score";
  const doubt = isScore && !measure.minus && measure.device === undefined ? doubtOf(runs, found, unit) : undefined;
  return {
    id: [entry.id, row.name, key, variant, edition].filter((part) => part !== undefined).join("/"),
    row: row.name,
    ...(variant !== undefined && { variant }),
    ...(edition !== undefined && { edition }),
    column: title,
    unit,
    ...(decimals !== undefined && { decimals }),
    printed,
    ours: found && { mean: found.mean, low: found.low, high: found.high, n: found.n },
    verdict: judged.verdict,
    why: found === null ? whyNone(row, runs.length) : [judged.why, found.noInterval].filter(Boolean).join("; "),
    optimism: isScore && !measure.minus ? meanOptimism(runs, unit) : null,
    protocolGap: null,
    ...(found && isScore && !measure.minus && { beside: besideOf(runs) }),
    ...(doubt !== undefined && { doubt }),
    caveats: caveatsOfAll(runs.map(({ split }) => split)),
    runs: runs.map(({ runId }) => runId),
  };
}

function whyNone(row: ExperimentRow, runs: number): string {
  if (runs > 0) return "its runs do not hold this number";
  return {
    built: "not run",
    "not built": "not built yet",
    literature: "literature constant",
    counted: "counted from annotations",
    "not counted": "not counted: only its publisher can state it",
  }[row.state];
}

/** ICBHI's four classes on the official split, from scratch. */
function doubtOf(runs: readonly RunSummary[], found: CellEstimate | null, unit: ExperimentColumn["unit"]) {
  const [run] = runs;
  const set = run && Object.values(run.result.tests)[0];
  if (!set || !isIcbhi(set) || typeof found?.mean !== "number") return undefined;
  return leakSuspicion({
    task: `${set.confusion.labels.length}-class`,
    split: run.split.name.split("/")[1] ?? "",
    score: found.mean * (shareOfUnit(unit) ?? 1),
    pretrained: runs.some(({ init }) => init !== undefined),
  });
}

/** `numberOf`; where the folds may not be pooled, no number but the reason. */
function numberOrReason(...cell: Parameters<typeof numberOf>): CellEstimate | null {
  try {
    return numberOf(...cell);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { mean: null, low: null, high: null, n: cell[3].length, noInterval: error.message };
  }
}

/** The number of a cell in its column's unit; null where its runs do not hold it. */
function numberOf(
  entry: ExperimentEntry,
  row: ExperimentRow,
  column: ExperimentColumn,
  runs: RunSummary[],
  all: readonly RunSummary[],
  store: EstimateStore,
): CellEstimate | null {
  const measure = cellMeasure(row, column);
  if (measure.metric === "total") return totalOf(runs, store);
  const base = measure.minus === undefined ? undefined : baseRuns(entry, column, measure.minus, runs[0]!, all);
  const scale = measure.relative ? 0.01 : scaleOf(column);
  const kept = runs.map((run) => keptNumber(measure, run));
  if (kept.every((value) => value !== undefined)) {
    const ofBase = base?.map((run) => keptNumber(measure, run));
    if (ofBase && (ofBase.length === 0 || ofBase.includes(undefined))) return null;
    const [own, other] = [mean(kept as number[]), ofBase ? mean(ofBase as number[]) : 0];
    return {
      mean: (measure.relative ? (own - other) / other : own - other) / scale,
      low: null,
      high: null,
      n: runs.length,
    };
  }
  const seeds = setsOfSeeds(runs, measure);
  const found = estimateOf(seeds, measure, store, base && setsOfSeeds(base, measure));
  if (!found) return null;
  if (measure.relative) {
    const other = base && estimateOf(setsOfSeeds(base, measure), measure, store)?.mean;
    if (!other || found.mean === null) return null;
    return { mean: found.mean / other / scale, low: null, high: null, n: found.n };
  }
  const scaled = (value: number | null) => (value === null || Number.isNaN(value) ? null : value / scale);
  return { ...found, mean: scaled(found.mean), low: scaled(found.low), high: scaled(found.high) };
}

/**
 * The challenge's Total without the bonus for speed; null unless all its tasks were run. Its interval adds those of the tasks, as if they
 * rose and fell together, and so is rather too wide: one patient's events and recordings are in several tasks.
 */
function totalOf(runs: readonly RunSummary[], store: EstimateStore): CellEstimate | null {
  const found = Object.keys(TOTAL_WEIGHTS).map((task) => {
    const own = runs.filter(({ request }) => request.task === task);
    return [task, own.length > 0 ? estimateOf(setsOfSeeds(own, {}), {}, store) : undefined] as const;
  });
  const total = (of: (estimate: CellEstimate) => number | null) =>
    sprSoundTotal(Object.fromEntries(found.map(([task, one]) => [task, one && (of(one) ?? undefined)]))) ?? null;
  const value = total((one) => one.mean);
  if (value === null) return null;
  const n = Math.min(...found.map(([, one]) => one!.n));
  const noInterval = found.map(([, one]) => one!.noInterval).find((why) => why !== undefined);
  return {
    ...{ mean: value, low: total((one) => one.low), high: total((one) => one.high), n },
    ...(noInterval !== undefined && { noInterval }),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function scaleOf({ unit }: ExperimentColumn): number {
  // The one number of megabytes is a network's size: parameters of four bytes.
  return shareOfUnit(unit) ?? { millions: 1e6, megabytes: 1e6 / 4 }[unit as string] ?? 1;
}

/** The runs of the row that a difference is taken to: of the same variant and budget. */
function baseRuns(
  entry: ExperimentEntry,
  column: ExperimentColumn,
  minus: string | { experiment: string; row: string },
  like: RunSummary,
  all: readonly RunSummary[],
): RunSummary[] {
  const named = typeof minus === "string" ? { experiment: entry.id, row: minus } : minus;
  const home = named.experiment === entry.id ? entry.rows.find(({ name }) => name === named.row) : undefined;
  const source = home
    ? cellSource(entry, home, column)
    : { ...named, task: like.request.task, fold: foldOf(like.request) };
  const label = variantLabel(like);
  const own = runsOfRow(all, source).filter(
    (run) => isFrom(source, run) && run.data.digest === like.data.digest && variantLabel(run) === label,
  );
  return editionsOf(own)[0]?.runs ?? [];
}

function meanOptimism(runs: readonly RunSummary[], unit: ExperimentColumn["unit"]): number | null {
  const values = runs.map((run) => optimism(bestTestScore(run), run.result.lastEpochs));
  if (values.length === 0 || values.some((value) => value === undefined)) return null;
  return mean(values as number[]) / (shareOfUnit(unit) ?? 1);
}

/** Published minus honest, of cells that differ in nothing else. */
function gapToTwin(cell: ReportCell, cells: readonly ReportCell[]): number | null {
  if (cell.variant === undefined || cell.edition !== undefined) return null;
  const words = cell.variant.split(", ");
  const swap: Record<string, string> = { published: "honest", honest: "published" };
  const other = [swap[words[0]!], ...words.slice(1)].join(", ");
  const twin = cells.find(
    ({ row, column, variant, edition }) =>
      row === cell.row && column === cell.column && variant === other && edition === undefined,
  );
  const [own, its] = [cell.ours?.mean, twin?.ours?.mean];
  return (words[0] === "published" ? protocolGap(own, its) : protocolGap(its, own)) ?? null;
}

/** What must stand beside a Score, since a single epoch is mostly noise. */
function besideOf(runs: readonly RunSummary[]): Beside {
  const folds = [...bySeed(runs).values()].some((own) => own.length > 1);
  const auc = runs
    .map((run) => keptNumber({ metric: "auc" }, run))
    .filter((value) => Number.isFinite(value)) as number[];
  const { role, epochs } = runs[0]!.result.lastEpochs;
  return {
    auc: auc.length > 0 ? mean(auc) : null,
    lastTenth: { role, epochs, median: meanOrNull(runs.map(({ result }) => result.lastEpochs.median)) },
    lastEpoch: meanOrNull(runs.map(({ result }) => result.lastEpochScore)),
    epochs: Math.min(...runs.map(({ result }) => result.epochs)),
    ...(folds && { folds: foldsOf(runs) }),
  };
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  return values.every(Number.isFinite) ? mean(values as number[]) : null;
}

/** The folds one by one, which the pooled number does not show: from 0 to 1. */
function foldsOf(runs: readonly RunSummary[]): NonNullable<Beside["folds"]> {
  const names = [...new Set(runs.map(({ request }) => foldOf(request) ?? ""))].sort();
  // A fold's Score is the mean over its seeds, and over the sets of its headline.
  const scores = names.map((name) => {
    const own = runs.filter(({ request }) => (foldOf(request) ?? "") === name);
    return mean(
      own.flatMap((run) => headlineSets(run).map((set) => run.result.tests[set]!.scores.score ?? Number.NaN)),
    );
  });
  const { mean: ofFolds, deviation, low, high, undefined: without } = foldSpread(scores);
  return { names, mean: ofFolds, deviation, low, high, ...(without > 0 && { without }) };
}
