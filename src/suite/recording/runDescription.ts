import path from "node:path";
import type { NotComparable } from "../../evaluation/verdict.js";
import type { PreparedRun, RunRequest } from "../../papers/paper.js";
import type { RunResult } from "../../papers/runResult.js";
import type { SearchRecord } from "../../papers/searchRecord.js";
import type { RecordedStart } from "../../papers/startingWeights.js";
import type { Precision } from "../../training/runIdentity.js";
import { caveatsOf, caveatWords, type RecordedSplit } from "../caveats.js";
import type { ExperimentEntry } from "../entry.js";
import { shown, shownRange } from "../html.js";
import { settingsWords } from "../planning/setOptions.js";
import { printedScore } from "../printedScore.js";
import type { RunRecord } from "../runRecord.js";
import { bestWords, importanceWords, searchTables, searchWords } from "../searching/searchText.js";
import { type Headline, headlineOf } from "./headline.js";

/** A name that a person can read in a list of runs. */
export function runName(request: Omit<RunRequest, "dataDir">, madeUp: boolean): string {
  const { row, task, fold, protocol, preset, profile, seed, init, precision, set, budget } = request;
  const words = [
    ...[row, `task ${task}`, ...(fold === undefined ? [] : [fold])],
    ...[protocol, ...(preset === "paper" ? [] : [preset]), profile, `seed ${seed}`],
  ];
  if (budget) words.push(`at most ${budget.epochs} epochs`);
  if (set) words.push(settingsWords(set));
  if (init !== undefined) words.push(`from ${path.basename(init)}`);
  if (precision === "bf16") words.push("bf16");
  return words.join(", ") + (madeUp ? " (made-up sounds)" : "");
}

/** The command that makes this run. */
export function runCommand(request: Omit<RunRequest, "dataDir">): string {
  const { experiment, row, task, fold, protocol, preset, profile, seed, init, precision, set, budget } = request;
  const options = [`--row "${row}"`, `--task ${task}`];
  if (fold !== undefined) options.push(`--fold ${fold}`);
  options.push(`--protocol ${protocol}`);
  if (preset !== "paper") options.push(`--preset ${preset}`);
  options.push(`--profile ${profile}`);
  if (seed !== 0) options.push(`--seed ${seed}`);
  // Hours would give another number of epochs elsewhere.
  if (budget) options.push(`--budget ${budget.epochs}epochs`);
  for (const [key, value] of Object.entries(set ?? {})) options.push(`--set ${key}=${value}`);
  if (init !== undefined) options.push(`--init "${path.basename(init)}"`);
  if (precision === "bf16") options.push("--precision bf16");
  return `npx auscult run ${experiment} ${options.join(" ")}`;
}

/** "reduced budget: 4 epochs" as a sentence. */
export function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

/** Everything that forbids holding a run's numbers against printed ones, which are `published`. */
export function reasonsAgainst({
  data,
  reduced,
  split,
  init,
  precision,
  request,
}: {
  data: RunRecord["data"];
  reduced?: string;
  split: RecordedSplit;
  init?: RecordedStart;
  precision?: Precision;
  request: Pick<RunRequest, "set" | "protocol">;
}): NotComparable[] {
  return [
    ...(data.madeUp ? (["made-up sounds"] as const) : []),
    ...(data.hasPrintedTestSet ? [] : (["other test set"] as const)),
    ...(request.protocol === "published" ? [] : (["other protocol"] as const)),
    ...(reduced ? (["reduced budget"] as const) : []),
    ...(request.set ? (["other settings"] as const) : []),
    ...(init ? (["other pretraining"] as const) : []),
    ...(precision === "bf16" ? (["other precision"] as const) : []),
    ...(split.partOfData ? (["part of the data"] as const) : []),
  ];
}

/** The run's note in the tracker, Markdown: what it is, on what, printed and ours, how to make it again. */
export function runDescription(
  entry: ExperimentEntry,
  request: RunRequest,
  prepared: PreparedRun,
  result: RunResult | undefined,
): string {
  const printed = printedScore(entry, request.row, request.task);
  const caveats = caveatsOf(prepared.split);
  // The tracker folds all but the first lines away.
  const search = result?.search;
  const lines = search
    ? [`**${bestWords(search)}**`, ""]
    : result
      ? [headline(entry, request, prepared, result), ""]
      : [];
  lines.push(`${entry.title} - ${entry.citation}`);
  if (search) lines.push("", searchWords(search), "", importanceWords(search), "", ...trialLines(search));
  else if (result) lines.push("", ...numbers(entry, printed, request, prepared, result));
  lines.push("", "```", runCommand(request), "```", "", `Data: ${prepared.data.description}.`);
  if (prepared.data.madeUp) lines.push("", "**Made-up sounds: no number here says anything about patients.**");
  for (const { says } of caveats) lines.push("", `**${says}**`);
  if (prepared.split.seed !== undefined) lines.push("", `The split was drawn with seed ${prepared.split.seed}.`);
  if (prepared.init) lines.push("", `It was ${prepared.init.says}.`);
  if (prepared.precision === "bf16")
    lines.push("", "Its training steps were computed in bf16, all evaluation in float32.");
  if (prepared.tuned)
    lines.push("", `${settingsWords(prepared.tuned.set)}, as the best trial of ${prepared.tuned.run} has it.`);
  if (request.set) lines.push("", `Its settings are not the paper's: ${settingsWords(request.set)}.`);
  if (prepared.reduced) lines.push("", sentence(prepared.reduced));
  if (result?.changes) lines.push("", `Changed on the way: ${result.changes.join("; ")}.`);
  return lines.join("\n");
}

function trialLines(search: SearchRecord): string[] {
  const { heads, rows } = searchTables(search).trials;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}

/** Printed and ours in one table, and how the epoch was chosen. */
function numbers(
  entry: ExperimentEntry,
  printed: number | undefined,
  request: RunRequest,
  prepared: PreparedRun,
  result: RunResult,
): string[] {
  const caveats = caveatsOf(prepared.split);
  const ours = headlineOf({ data: prepared.data, request, result });
  const but = caveats.length > 0 ? ` (${caveatWords(caveats)})` : "";
  const line = (name: string, { scores, intervals }: Pick<Headline, "scores" | "intervals">) => {
    const cells = (["score", "se", "sp"] as const).map((key) => {
      const range = shownRange(intervals?.[key]);
      return `${shown(scores[key])}${range && ` (${range})`}`;
    });
    return `| ${name}${but} | ${cells.join(" | ")} |`;
  };
  const { role, epochs, median } = result.lastEpochs;
  return [
    "| | Score | SE | SP |",
    "| --- | --- | --- | --- |",
    ...(entry.kind === "baseline" ? [] : [`| printed (${entry.testSet}) | ${printed ?? "-"} | | |`]),
    line(`ours, ${ours.of}, epoch ${result.chosenEpoch}`, ours),
    ...Object.entries(result.tests)
      .filter(([set]) => set !== ours.of)
      .map(([set, test]) => line(`ours, ${set}`, test)),
    "",
    `Epoch ${result.chosenEpoch} of ${result.epochs} was chosen: ${result.chosenBy}. ${role === "test" ? "Test" : "Select"} Score of the last epoch ${shown(result.lastEpochScore)}${epochs > 1 ? `, median of the last ${epochs} ${shown(median)}` : ""}. Ranges are 95 % intervals over patients.`,
  ];
}

/** Such as "**Score 0.637** (0.583 to 0.689), leaking split, printed 0.708: not comparable (other test set)". */
function headline(entry: ExperimentEntry, request: RunRequest, prepared: PreparedRun, result: RunResult): string {
  const { data, split, reduced } = prepared;
  const { scores, intervals } = headlineOf({ data, request, result });
  const interval = intervals?.score;
  const range = interval ? ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : "";
  const but = caveatWords(caveatsOf(split));
  const ours = `**Score ${scores.score.toFixed(3)}**${range}${but && `, ${but}`}`;
  if (entry.kind === "baseline") return reduced ? `${ours}, ${reduced}` : ours;
  const printed = printedScore(entry, request.row, request.task);
  const reasons = reasonsAgainst({ ...prepared, request });
  const judged = reasons.length > 0 ? `: not comparable (${reasons.join(", ")})` : "";
  return `${ours}, printed ${printed ?? "-"}${judged}`;
}
