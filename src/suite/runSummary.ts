import { type Assessment, namedScores, type ScoreName } from "../evaluation/assessment.js";
import type { ConfusionMatrix } from "../evaluation/confusion.js";
import type { RunCalibration } from "../evaluation/runCalibration.js";
import type { SearchRecord } from "../papers/searchRecord.js";
import { caveatsOf, caveatWords } from "./caveats.js";
import { shown, shownRange } from "./html.js";
import { integratedSets } from "./integratedSets.js";
import { runName } from "./recording/runDescription.js";
import type { RunRecord } from "./runRecord.js";
import { bestWords, importanceWords, searchTables, searchWords } from "./searching/searchText.js";

/** What the sets of a run are, for a reader who does not know the challenge's words. */
const meaning: Record<string, string> = {
  inter: "inter (unseen patients)",
  intra: "intra (known patients)",
  test2023: "test2023 (as printed)",
};

const headOf: Record<ScoreName, string> = {
  se: "SE",
  sp: "SP",
  as: "AS",
  hs: "HS",
  collapsedSe: "SE collapsed",
  collapsedScore: "Score collapsed",
  score: "Score",
};

/** A finished run for the terminal: scores by set with intervals, how the epoch was chosen, confusion matrices. */
export function renderRun({ request, data, split, init, result }: RunRecord): string {
  if (result.search) return renderSearch(runName(request, data.madeUp), result.search);
  const caveats = caveatsOf(split);
  const but = caveats.length > 0 ? [caveatWords(caveats)] : [];
  const first = Object.values(result.tests)[0];
  const has = first ? namedScores(first.scores) : {};
  const names = (Object.keys(headOf) as ScoreName[]).filter((name) => name in has);
  const head = [
    "set",
    ...names.map((name) => headOf[name]),
    "95 % interval",
    "AUC",
    "loss",
    "items",
    ...but.map(() => "caveats"),
  ];
  const line = (name: string, scores: Assessment["scores"], interval: string, rest: string[]) => [
    name,
    ...names.map((key) => shown(namedScores(scores)[key])),
    interval,
    ...rest,
    ...but,
  ];
  const sets = Object.entries(result.tests).map(([name, { scores, intervals, auc, loss, examples }]) =>
    line(meaning[name] ?? name, scores, rangeOf(intervals?.score), [shown(auc), shown(loss), String(examples)]),
  );
  const integrated = integratedSets(result).map(([name, { scores, intervals, examples }]) =>
    line(name, scores, rangeOf(intervals?.score), ["", "", String(examples ?? "")]),
  );
  const { scores: over, intervals: around } = result.mean ?? {};
  const mean = over ? [line("mean of inter and intra", over, rangeOf(around?.score), ["", "", ""])] : [];
  const { role, median, low, high, epochs } = result.lastEpochs;
  const several =
    epochs > 1 ? `median of the last ${epochs} epochs ${shown(median)} (${shown(low)} to ${shown(high)})` : "";
  return [
    runName(request, data.madeUp),
    "",
    ...columns([head, ...sets, ...mean, ...integrated]),
    ...caveats.map(({ says }) => `\n${says}`),
    ...(init ? [`\nIt was ${init.says}.`] : []),
    "",
    `Epoch ${result.chosenEpoch} of ${result.epochs} was chosen: ${result.chosenBy}.`,
    `${role === "test" ? "Test" : "Select"} Score of the last epoch ${shown(result.lastEpochScore)}${several ? `, ${several}` : ""}.`,
    ...(result.calibration ? [calibrationLine(result.calibration)] : []),
    ...Object.entries(result.tests).flatMap(([name, { confusion }]) => ["", ...confusionLines(name, confusion)]),
  ]
    .join("\n")
    .concat("\n");
}

function renderSearch(name: string, found: SearchRecord): string {
  const { heads, rows } = searchTables(found).trials;
  const lines = [
    name,
    "",
    searchWords(found),
    "",
    ...columns([heads, ...rows]),
    "",
    bestWords(found),
    importanceWords(found),
  ];
  return `${lines.join("\n")}\n`;
}

function calibrationLine({ temperature, tests }: RunCalibration): string {
  const sets = Object.entries(tests).map(
    ([name, { before, after }]) => `${name} ${shown(before.ece)} before, ${shown(after.ece)} after`,
  );
  return `Calibration error, before and after temperature ${shown(temperature, 2)} (fitted on select): ${sets.join("; ")}.`;
}

function rangeOf(interval: { low: number; high: number } | undefined): string {
  return shownRange(interval);
}

function confusionLines(name: string, { labels, counts }: ConfusionMatrix): string[] {
  return columns([
    [`${name}: true \\ predicted`, ...labels],
    ...counts.map((row, i) => [labels[i]!, ...row.map(String)]),
  ]);
}

/** Aligned columns: the first to the left, the others to the right. */
function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
}
