import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import { caveatsOf } from "../caveats.js";
import type { CountedEntry } from "../counting/countedEntry.js";
import type { ExperimentEntry } from "../entry.js";
import type { Flag } from "../flag.js";
import { integratedSets } from "../integratedSets.js";
import { runCommand, runName } from "../recording/runDescription.js";
import { cellsOf } from "./cells.js";
import { comparisonsOf } from "./comparisons.js";
import { countedCells } from "./countedCells.js";
import { EstimateStore } from "./estimateStore.js";
import type { Decision, ReportModel, ReportRun, SetScores } from "./reportModel.js";
import { patientCount, type RunSummary } from "./summaryLine.js";
import { variantLabel } from "./variants.js";

export interface ReportOptions {
  /** Where intervals are kept between reports. */
  store?: EstimateStore;
  /** Of a table that is counted from annotations. */
  counted?: CountedEntry;
  /** Whether rows are compared with each other, which takes longer than the cells. */
  compare?: boolean;
  /** Without the runs one by one. */
  cellsOnly?: boolean;
  /** Its printed numbers that other print contradicts. */
  found?: readonly Flag[];
  /** The decided ambiguities, of which it shows its own. */
  decisions?: readonly Decision[];
}

/** What is known of an entry: printed numbers, runs, and what was not run. `records` may hold other experiments' runs too. */
export function reportModel(
  entry: ExperimentEntry,
  records: readonly RunSummary[],
  {
    store = new EstimateStore(),
    counted,
    compare = false,
    cellsOnly = false,
    found = [],
    decisions = [],
  }: ReportOptions = {},
): ReportModel {
  const cells = counted ? countedCells(entry, counted) : cellsOf(entry, records, store);
  const filling = new Set(cells.flatMap(({ runs }) => runs));
  const own = records.filter(
    ({ runId, request }) => filling.has(runId) || request.experiment === entry.id || isPictured(entry, request),
  );
  const listed = (value: (record: RunSummary) => string, between = ", ") =>
    [...new Set(own.map(value))].sort().join(between) || "-";
  const comparisons = compare ? comparisonsOf(entry, cells, own, store) : [];
  store.save();
  return {
    id: entry.id,
    title: entry.title,
    kind: entry.kind,
    citation: entry.citation,
    vary: entry.vary,
    metric: entry.metric,
    testSet: entry.testSet,
    ...(entry.shows !== undefined && { shows: entry.shows }),
    command: entry.command,
    protocol: listed((record) => record.request.protocol),
    preset: listed((record) => record.request.preset),
    profile: listed((record) => record.request.profile),
    madeUp: own.some((record) => record.data.madeUp),
    data: listed((record) => record.data.description),
    budget: listed((record) => record.reduced ?? "the paper's budget", "; or "),
    notes: notesOf(entry, own),
    contradictions: found.map(({ row, column, kind, says }) => ({ row, column: titleOf(entry, column), kind, says })),
    decisions: decisions.filter(({ number }) => entry.ambiguities.includes(number)),
    cells,
    comparisons,
    ...(counted && { counted }),
    runs: cellsOnly ? [] : own.map(runOf),
    generatedAt: new Date().toISOString(),
  };
}

/** Whether a figure without cells is of this run. */
function isPictured({ id, kind, rows }: ExperimentEntry, request: RunSummary["request"]): boolean {
  return (
    kind === "figure" &&
    rows.some(
      ({ name, runs }) => (runs?.experiment ?? id) === request.experiment && (runs?.row ?? name) === request.row,
    )
  );
}

function titleOf({ columns }: ExperimentEntry, key: string): string {
  return columns.find((column) => column.key === key)?.title ?? key;
}

function notesOf(entry: ExperimentEntry, own: readonly RunSummary[]): string[] {
  const notes = [...entry.flags];
  const hasPrint = entry.rows.some(({ printed }) => Object.values(printed).some((value) => value !== null));
  const others = own.filter(({ data }) => hasPrint && !data.hasPrintedTestSet);
  if (others.length > 0) {
    // SPRSound's runs have another headline where its printed set is missing.
    const ours = others.some(({ result }) => result.mean)
      ? "ours are of the inter set of 2022 (honest) or the mean of inter and intra (published), and not comparable"
      : "ours are of another set, and not comparable";
    notes.push(`The printed numbers are of ${entry.testSet}, which is not among the data: ${ours}.`);
  }
  const missing = entry.rows.filter((row) => row.state === "not built").map((row) => row.name);
  if (missing.length > 0) notes.push(`Not built yet: ${missing.join("; ")}.`);
  const rows = new Set(entry.rows.map(({ name }) => name));
  const strangers = own.filter(({ request }) => request.experiment === entry.id && !rows.has(request.row));
  if (strangers.length > 0) {
    const names = [...new Set(strangers.map(({ request }) => `"${request.row}"`))].join(", ");
    notes.push(`Runs of rows that this table does not have, and which stand in no cell: ${names}.`);
  }
  return notes;
}

function runOf(record: RunSummary): ReportRun {
  const { request, result } = record;
  const sets: Record<string, SetScores> = {};
  for (const [name, test] of Object.entries(result.tests)) {
    const { score } = test.intervals ?? {};
    const { auc, loss, examples: items } = test;
    sets[name] = {
      ...test.scores,
      low: score?.low ?? null,
      high: score?.high ?? null,
      auc,
      loss,
      items,
      patients: patientCount(test),
    };
  }
  if (result.mean) {
    const { score } = result.mean.intervals ?? {};
    sets["mean of inter and intra"] = { ...result.mean.scores, low: score?.low ?? null, high: score?.high ?? null };
  }
  for (const [name, { scores, intervals, examples: items }] of integratedSets(result)) {
    const { low = null, high = null } = intervals?.score ?? {};
    sets[name] = { ...scores, low, high, ...(items !== undefined && { items }) };
  }
  const { role, ...last } = result.lastEpochs;
  return {
    runId: record.runId,
    name: runName(request, record.data.madeUp),
    row: request.row,
    task: request.task,
    protocol: request.protocol,
    preset: request.preset,
    profile: request.profile,
    seed: request.seed,
    epochs: result.epochs,
    seconds: result.seconds,
    chosenEpoch: result.chosenEpoch,
    chosenBy: result.chosenBy,
    madeUp: record.data.madeUp,
    caveats: caveatsOf(record.split),
    metrics: { parameters: result.parameters, stepsPerEpoch: result.stepsPerEpoch },
    scoresBySet: sets,
    endOfRun: { role, lastEpoch: result.lastEpochScore, ...last },
    history: (result.history ?? []).map(({ epoch, metrics }) => ({ epoch, ...metrics })),
    ...(result.history && { groupsBySet: groupsOf(result.tests) }),
    variant: variantLabel(record),
    confusionBySet: Object.fromEntries(Object.entries(result.tests).map(([name, { confusion }]) => [name, confusion])),
    ...(result.search && { search: result.search }),
    ...(result.calibration && { calibration: result.calibration }),
    ...(record.split.leakedPatients && { leakedPatients: record.split.leakedPatients }),
    splitNotes: [...result.splitNotes, `Test sets were opened ${result.testOpenings.length} times.`],
    provenance: {
      "made by": runCommand(request),
      "data digest": record.data.digest,
      "split digest": record.split.digest,
      ...(record.init && { "initial weights": record.init.says }),
      ...(record.split.seed !== undefined && { "split seed": String(record.split.seed) }),
      signature: record.signature,
      "code revision": record.codeRevision,
      precision: record.precision === "bf16" ? "bf16 training steps, float32 evaluation" : "float32",
      engine: `${record.engine}, ${record.threads} threads`,
      ...(result.changes && { "changed on the way": result.changes.join("; ") }),
    },
  };
}

function groupsOf(tests: RunSummary["result"]["tests"]): NonNullable<ReportRun["groupsBySet"]> {
  const named = Object.entries(tests).map(([set, { byPatient, byDevice }]) => {
    const patients = byPatient.map(({ patient, matrix }) => ({ name: patient, matrix }));
    return [set, { patients, devices: (byDevice ?? []).map(({ device, matrix }) => ({ name: device, matrix })) }];
  });
  return Object.fromEntries(named);
}

/** The script that draws the report's figures, to be put into its page. */
export function plotlyScript(): string {
  const require = createRequire(path.join(projectRoot(), "package.json"));
  return readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8");
}
