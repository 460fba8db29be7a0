import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { verdict } from "../evaluation/verdict.js";
import { projectRoot } from "../node/paths.js";
import { caveatsOf, caveatsOfAll } from "./caveats.js";
import type { ExperimentEntry } from "./entry.js";
import { headlineOf } from "./headline.js";
import type { Estimate, ReportCell, ReportModel, ReportRun, SetScores } from "./reportModel.js";
import { reasonsAgainst, runCommand, runName } from "./runDescription.js";
import type { RunRecord } from "./runRecord.js";

/** Runs that differ in nothing but row, task and seed stand in the same cells. */
interface Variant {
  label: string;
  records: RunRecord[];
}

/** What is known of an entry: printed numbers, runs, and what was not run. `records` may hold other experiments' runs too. */
export function reportModel(entry: ExperimentEntry, records: readonly RunRecord[]): ReportModel {
  const own = records.filter((record) => record.request.experiment === entry.id);
  const variants = variantsOf(own);
  const listed = (value: (record: RunRecord) => string, between = ", ") =>
    [...new Set(own.map(value))].sort().join(between) || "-";
  return {
    id: entry.id,
    title: entry.title,
    citation: entry.citation,
    command: entry.command,
    protocol: listed((record) => record.request.protocol),
    preset: listed((record) => record.request.preset),
    profile: listed((record) => record.request.profile),
    madeUp: own.some((record) => record.data.madeUp),
    data: listed((record) => record.data.description),
    budget: listed((record) => record.reduced ?? "the paper's budget", "; or "),
    notes: notesOf(entry, own),
    cells: entry.rows.flatMap((row) => cellsOf(entry, row, variants)),
    runs: own.map(runOf),
    generatedAt: new Date().toISOString(),
  };
}

function variantsOf(records: readonly RunRecord[]): Variant[] {
  const variants = new Map<string, RunRecord[]>();
  for (const record of records) {
    const { protocol, preset, profile, init } = record.request;
    const words = [
      protocol,
      ...(preset === "paper" ? [] : [preset]),
      profile,
      ...(record.data.madeUp ? ["made-up sounds"] : []),
      ...(init === undefined ? [] : [`from ${init}`]),
      ...(record.precision === "bf16" ? ["bf16"] : []),
    ];
    // Another data set, split or recipe under the same words is another variant; its data digest tells them apart. So it is with weights.
    const key = `${words.join(", ")}\u0000${record.data.digest} ${record.init?.sha256 ?? ""}`;
    variants.set(key, [...(variants.get(key) ?? []), record]);
  }
  return [...variants].map(([key, all]) => ({ label: key.split("\u0000")[0]!, records: all }));
}

function cellsOf(
  entry: ExperimentEntry,
  row: ExperimentEntry["rows"][number],
  variants: readonly Variant[],
): ReportCell[] {
  const having = variants.filter((variant) => variant.records.some((record) => record.request.row === row.name));
  const shown: (Variant | undefined)[] = having.length > 0 ? having : [undefined];
  return shown.flatMap((variant) =>
    entry.columns.map(({ key, title }) => {
      const records = (variant?.records ?? []).filter(
        ({ request }) => request.row === row.name && request.task === key,
      );
      const printed = row.printed[key] ?? null;
      const ours = estimateOf(records);
      const reasons = [...new Set(records.flatMap(reasonsAgainst))];
      const judged = verdict({ printed, ours, reasons });
      const notRun = row.state === "built" ? "not run" : "not built yet";
      return {
        id: `${entry.id}/${row.name}/${key}${variant ? `/${variant.label}` : ""}`,
        row: variant ? `${row.name} (${variant.label})` : row.name,
        column: title,
        printed,
        ours,
        verdict: judged.verdict,
        why: ours === null ? notRun : judged.why,
        caveats: caveatsOfAll(records.map(({ split }) => split)),
      };
    }),
  );
}

/** Mean over seeds of the headline's Score; with several seeds the bounds are means of the runs' bounds. */
function estimateOf(records: readonly RunRecord[]): Estimate | null {
  if (records.length === 0) return null;
  const mean = (value: (record: RunRecord) => number | null | undefined) => {
    const values = records.map(value);
    if (!values.every(Number.isFinite)) return null;
    return (values as number[]).reduce((sum, one) => sum + one, 0) / values.length;
  };
  return {
    mean: mean((record) => headlineOf(record).scores.score),
    low: mean((record) => headlineOf(record).intervals?.score.low),
    high: mean((record) => headlineOf(record).intervals?.score.high),
    n: records.length,
  };
}

function notesOf(entry: ExperimentEntry, own: readonly RunRecord[]): string[] {
  const notes = [...entry.flags];
  if (own.some((record) => !record.data.hasPrintedTestSet)) {
    notes.push(
      `The printed numbers are of ${entry.testSet}, which is not among the data: ours are of the inter set of 2022 (honest) or the mean of inter and intra (published), and not comparable.`,
    );
  }
  const missing = entry.rows.filter((row) => row.state !== "built").map((row) => row.name);
  if (missing.length > 0) notes.push(`Not built yet: ${missing.join("; ")}.`);
  notes.push(`Decided ambiguities that bear on this table: ${entry.ambiguities.join(", ")}.`);
  return notes;
}

function runOf(record: RunRecord): ReportRun {
  const { request, result } = record;
  const sets: Record<string, SetScores> = {};
  for (const [name, test] of Object.entries(result.tests)) {
    const { score } = test.intervals ?? {};
    const { auc, loss, examples: items, byPatient } = test;
    sets[name] = {
      ...test.scores,
      low: score?.low ?? null,
      high: score?.high ?? null,
      auc,
      loss,
      items,
      patients: byPatient.length,
    };
  }
  if (result.mean) {
    const { score } = result.mean.intervals ?? {};
    sets["mean of inter and intra"] = { ...result.mean.scores, low: score?.low ?? null, high: score?.high ?? null };
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
    history: result.history.map(({ epoch, metrics }) => ({ epoch, ...metrics })),
    confusionBySet: Object.fromEntries(Object.entries(result.tests).map(([name, { confusion }]) => [name, confusion])),
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

/** The script that draws the report's figures, to be put into its page. */
export function plotlyScript(): string {
  const require = createRequire(path.join(projectRoot(), "package.json"));
  return readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8");
}
