import type { Placement } from "../placement/placement.js";
import type { DryRun } from "./dryRun.js";
import type { ExperimentPlan } from "./planExperiments.js";
import { NEEDS_HEAD, needsCells, programmeText } from "./programmeText.js";
import { durationWords } from "./runCost.js";
import { simulatedText } from "./simulatedProgramme.js";
import { alignedLines } from "./textTable.js";

/** In how many lines experiments are shown: each run up to here, each experiment beyond. */
const SHOWN_RUNS = 60;

/**
 * The plan as text: runs, or where there are many, experiments.
 *
 * @param on what carries the runs out
 */
export function renderDryRun({ experiments, papers, total }: DryRun, on: Placement["on"] = "local"): string {
  const runs = experiments.reduce((sum, one) => sum + one.runs.length, 0);
  const isDetailed = experiments.length <= 3 && runs <= SHOWN_RUNS;
  const parts = isDetailed ? experiments.map(detailed) : [overview(experiments), programmeText(papers, total.whole)];
  const { toDo: left, done, cannot, steps, seconds, estimated, unknown, folderBytes, jobs, threads, stages } = total;
  const counts = [`${left} to do`, `${done} done`, ...(cannot > 0 ? [`${cannot} cannot be`] : [])].join(", ");
  const about = [
    ...(estimated > 0 ? [`${estimated} estimated`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown cost`] : []),
  ];
  const lines = [...(isDetailed ? [] : [kindsOf(experiments)]), `Runs: ${counts}.`];
  if (left > 0) {
    const time = seconds > 0 ? `about ${durationWords(seconds)}` : "time not known";
    lines.push(
      `Left: ${steps.toLocaleString("en")} training steps, ${time}${about.length > 0 ? ` (${about.join(", ")})` : ""}, ${atOnceWords(jobs, on)}, ${threads.join(" or ")} thread${threads.join() === "1" ? "" : "s"} each; features not counted.`,
    );
    if (folderBytes !== undefined) lines.push(diskLine(folderBytes, total.foldersOfOthers));
    if (stages.length > 0) lines.push(`Made once for all runs that need it: ${stagesWords(stages)}.`);
    if (estimated > 0) lines.push("Estimates are the experiments' own; `--measure` takes a few steps to know better.");
  }
  const simulated = total.simulated ? [simulatedText(total.simulated)] : [];
  return [...parts, lines.join("\n"), ...simulated].join("\n\n");
}

/** A cluster without `--jobs` takes as many as it has room for, which nobody knows here. */
function atOnceWords(jobs: number, on: Placement["on"]): string {
  if (jobs > 1) return `${jobs} runs at once`;
  return on === "local"
    ? "one run after the other"
    : `one run after the other; ${on} takes as many at once as it has room for`;
}

function diskLine(bytes: number, ofOthers: number): string {
  const guessed =
    ofOthers > 0 ? ` (${ofOthers} as other networks of their paper have it, which may be far from the truth)` : "";
  return `Disk: about ${Math.ceil(bytes / 1e6).toLocaleString("en")} MB for run folders${guessed}.`;
}

/** Each by its id, or where there are many, how many of each name. */
function stagesWords(stages: readonly string[]): string {
  if (stages.length <= 8) return stages.join(", ");
  const names = stages.map((id) => id.slice(0, id.lastIndexOf("_")));
  return [...new Set(names)].map((name) => `${names.filter((one) => one === name).length} x ${name}`).join(", ");
}

function detailed({ id, title, what, runs, cannot, notes, rows }: DryRun["experiments"][number]): string {
  const lines = [`${id}: ${title}`];
  if (what !== "run") return `${lines[0]}\n  ${whatWords(what, rows)}`;
  const hasFolds = runs.some(({ run }) => run.request.fold !== undefined);
  const head = ["row", "task", ...(hasFolds ? ["fold"] : []), "protocol", "seed", "state", "steps", "time"];
  const body = runs.map(({ run, state, cost }) => {
    const { row, task, fold = "", protocol, seed } = run.request;
    const time =
      cost.seconds === undefined
        ? "?"
        : `${durationWords(cost.seconds)}${cost.how === "estimated" ? " (estimated)" : ""}`;
    return [
      row,
      task,
      ...(hasFolds ? [fold] : []),
      protocol,
      String(seed),
      state,
      cost.steps.toLocaleString("en"),
      state === "done" ? "-" : time,
    ];
  });
  const lefts = cannot.map(({ request, why }) => {
    const { row, task, fold, protocol, seed } = request;
    return `  cannot be: ${[row, `task ${task}`, ...(fold ? [fold] : []), protocol, `seed ${seed}`].join(", ")}: ${why.split("\n")[0]}`;
  });
  return [
    ...lines,
    ...alignedLines([head, ...body], hasFolds ? [6] : [5]),
    ...notes.map((note) => `  note: ${note}`),
    ...lefts,
  ].join("\n");
}

function overview(experiments: DryRun["experiments"]): string {
  const body = experiments.map(({ id, what, runs, cannot, seconds, rows, needs }) => {
    const done = runs.filter(({ state }) => state === "done").length;
    const isEstimated = runs.some(({ state, cost }) => state !== "done" && cost.how === "estimated");
    if (what !== "run") return [id, whatWords(what, rows), "", "", "", "", ...NEEDS_HEAD.map(() => "")];
    const time =
      runs.length === done
        ? "-"
        : seconds === 0
          ? "?"
          : `${durationWords(seconds)}${isEstimated ? " (estimated)" : ""}`;
    const notBuilt = rows["not built"] ?? 0;
    return [
      id,
      `${rowsWords(rows.built ?? 0)}${notBuilt > 0 ? `, ${notBuilt} not built` : ""}`,
      String(runs.length - done),
      String(done),
      String(cannot.length),
      time,
      ...(runs.length > 0 ? needsCells(needs) : NEEDS_HEAD.map(() => "-")),
    ];
  });
  const reasons = new Set(experiments.flatMap(({ cannot }) => cannot.map(({ why }) => why.split("\n")[0]!)));
  return [
    ...alignedLines(
      [["experiment", "what", "to do", "done", "cannot be", "time left", ...NEEDS_HEAD], ...body],
      [2, 3, 4, 6, 7, 8, 9, 10],
    ),
    ...[...reasons].map((why) => `  cannot be: ${why}`),
  ].join("\n");
}

function rowsWords(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}

function whatWords(what: ExperimentPlan["what"], rows: Readonly<Record<string, number>>): string {
  if (what === "count") return `counted from annotations, ${rowsWords(rows.counted ?? 0)}`;
  return what === "constants" ? "constants of other papers" : "not built";
}

/** "58 experiments: 1 to run, 13 counted, 43 not built, 1 of constants" */
function kindsOf(experiments: DryRun["experiments"]): string {
  const words = { run: "to run", count: "counted", "not built": "not built", constants: "of constants" } as const;
  const parts = Object.entries(words).flatMap(([kind, word]) => {
    const number = experiments.filter(({ what }) => what === kind).length;
    return number > 0 ? [`${number} ${word}`] : [];
  });
  return `${experiments.length} experiments: ${parts.join(", ")}.`;
}
