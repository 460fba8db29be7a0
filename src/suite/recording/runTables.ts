import { type Assessment, namedScores } from "../../evaluation/assessment.js";
import { type ConfusionMatrix, rowShares, rowTotals } from "../../evaluation/confusion.js";
import { perClassScores } from "../../evaluation/perClass.js";
import { caveatsOf } from "../caveats.js";
import { type CsvCell, csvText } from "../csv.js";
import type { RunRecord } from "../runRecord.js";

/** A table of a run: `name` without folder and ending, what it shows in words, and the CSV itself. */
export interface RunTable {
  name: string;
  says: string;
  csv: string;
}

/** Everything that a finished run has counted, as tables. Shares and scores run from 0 to 1 and have four decimals. */
export function runTables(record: RunRecord): RunTable[] {
  const { result } = record;
  const tables = [scores(record), epochs(record), examples(record)];
  for (const [set, { confusion, byPatient, byDevice }] of Object.entries(result.tests)) {
    tables.push(confusionTable(set, confusion), perClass(set, confusion));
    tables.push(
      groups(
        set,
        "patient",
        byPatient.map(({ patient, matrix }) => [patient, matrix]),
      ),
    );
    if (byDevice)
      tables.push(
        groups(
          set,
          "device",
          byDevice.map(({ device, matrix }) => [device, matrix]),
        ),
      );
  }
  return tables;
}

function scores({ result, split, reduced, data }: RunRecord): RunTable {
  const notes = [
    ...(data.madeUp ? ["made-up sounds"] : []),
    ...(reduced ? ["reduced budget"] : []),
    ...caveatsOf(split).map(({ what }) => what),
  ];
  const columns = ["set", "items", "patients"];
  for (const name of ["Score", "SE", "SP"]) columns.push(name, `${name} low`, `${name} high`);
  columns.push(
    ...(result.mean ? ["AS", "HS"] : ["SE collapsed", "Score collapsed"]),
    "AUC",
    "loss (nats)",
    "to be said",
  );
  const line = (set: string, test: Pick<Assessment, "scores" | "intervals">, more: CsvCell[]) => {
    const [items, patients, auc, loss] = more;
    const triples = (["score", "se", "sp"] as const).flatMap((key) => {
      const interval = test.intervals?.[key];
      return [test.scores[key], interval?.low, interval?.high].map(rounded);
    });
    const { as, hs, collapsedSe, collapsedScore } = namedScores(test.scores);
    const others = result.mean ? [as, hs] : [collapsedSe, collapsedScore];
    return [
      set,
      items,
      patients,
      ...triples,
      ...[...others, auc as number, loss as number].map(rounded),
      notes.join("; "),
    ];
  };
  const rows = Object.entries(result.tests).map(([set, test]) =>
    line(set, test, [test.examples, test.byPatient.length, test.auc, test.loss]),
  );
  if (result.mean) rows.push(line("mean of inter and intra", result.mean, []));
  return {
    name: "scores",
    says: `scores of epoch ${result.chosenEpoch} on each test set, with 95 % intervals over patients`,
    csv: csvText(columns, rows),
  };
}

function epochs({ result: { history } }: RunRecord): RunTable {
  const keys = [...new Set(history.flatMap(({ metrics }) => Object.keys(metrics)))];
  const rows = history.map(({ epoch, seconds, metrics }) => [
    ...[epoch, Math.round(1000 * seconds) / 1000],
    ...keys.map((key) => metrics[key]),
  ]);
  return { name: "epochs", says: "every metric of every epoch", csv: csvText(["epoch", "seconds", ...keys], rows) };
}

function examples({ result: { counts, tests } }: RunRecord): RunTable {
  const [first] = Object.values(tests);
  const labels = first?.confusion.labels ?? [];
  const sets = Object.keys(tests);
  const totals = Object.values(tests).map(({ confusion }) => rowTotals(confusion));
  const rows = labels.map((label, i) => [
    label,
    ...Object.values(counts).map((byClass) => byClass[label]),
    ...totals.map((ofSet) => ofSet[i]),
  ]);
  const columns = ["class", ...Object.keys(counts), ...sets.map((set) => `test ${set}`)];
  return { name: "examples", says: "examples in use, by class and role", csv: csvText(columns, rows) };
}

function confusionTable(set: string, matrix: ConfusionMatrix): RunTable {
  const { labels, counts } = matrix;
  const totals = rowTotals(matrix);
  const shares = rowShares(matrix);
  const columns = ["true class", "items", ...labels.map((l) => `as ${l}`), ...labels.map((l) => `share as ${l}`)];
  const rows = labels.map((label, i) => [
    ...[label, totals[i], ...counts[i]!],
    ...shares[i]!.map((share) => (totals[i] === 0 ? undefined : rounded(share))),
  ]);
  return {
    name: `confusion-${set}`,
    says: `confusion on ${set}: items of each true class by what they were taken for, and shares of the true class`,
    csv: csvText(columns, rows),
  };
}

function perClass(set: string, matrix: ConfusionMatrix): RunTable {
  const { classes, macro, absent } = perClassScores(matrix);
  const rows: CsvCell[][] = classes.map(({ label, support, precision, recall, f1, absent: none }) => [
    ...[label, support],
    ...(none ? [] : [precision, recall, f1].map(rounded)),
  ]);
  const of = absent.length > 0 ? "mean of the classes that have items" : "mean of the classes";
  rows.push([of, undefined, ...[macro.precision, macro.recall, macro.f1].map(rounded)]);
  return {
    name: `per-class-${set}`,
    says: `precision, recall and F1 of each class on ${set}`,
    csv: csvText(["class", "items", "precision", "recall", "F1"], padded(rows, 5)),
  };
}

function groups(set: string, what: string, all: readonly (readonly [string, ConfusionMatrix])[]): RunTable {
  const labels = all[0]?.[1].labels ?? [];
  const columns = [what, "items", "right", "share right", ...labels.flatMap((l) => [`${l} items`, `${l} right`])];
  const rows = all.map(([name, matrix]) => {
    const totals = rowTotals(matrix);
    const items = totals.reduce((sum, total) => sum + total, 0);
    const hits = labels.map((_, i) => matrix.counts[i]![i]!);
    const right = hits.reduce((sum, hit) => sum + hit, 0);
    return [name, items, right, rounded(right / items), ...labels.flatMap((_, i) => [totals[i], hits[i]])];
  });
  return {
    name: `per-${what}-${set}`,
    says: `items and right decisions of each ${what} on ${set}, by class`,
    csv: csvText(columns, rows),
  };
}

function rounded(value: number | null | undefined): number | undefined {
  return value === null || value === undefined || !Number.isFinite(value) ? undefined : Math.round(1e4 * value) / 1e4;
}

function padded(rows: readonly CsvCell[][], width: number): CsvCell[][] {
  return rows.map((row) => [...row, ...Array<undefined>(width - row.length).fill(undefined)]);
}
