import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import { isDone } from "../running/doneMarker.js";
import { folderStatus } from "../running/folderState.js";
import { placeOfStage } from "../running/makeStages.js";
import type { ExperimentPlan } from "./planExperiments.js";
import { durationWords, type RunCost, runCost, secondsUntilDone } from "./runCost.js";
import { worksOf } from "./withBudget.js";

/** A run of a plan, as it stands. */
export interface LookedAt {
  run: PlannedRun;
  /** "done", "begun", "missing", ... */
  state: string;
  cost: RunCost;
  /** Of what is left of it. */
  secondsLeft: number | undefined;
}

/** What a plan would do. */
export interface DryRun {
  experiments: readonly {
    id: string;
    title: string;
    what: ExperimentPlan["what"];
    runs: readonly LookedAt[];
    cannot: ExperimentPlan["cannot"];
    rows: Readonly<Record<string, number>>;
    /** Until its last run is done, with the jobs that were asked for. */
    seconds: number;
    notes: readonly string[];
  }[];
  /** Each run once. */
  total: {
    toDo: number;
    done: number;
    cannot: number;
    steps: number;
    seconds: number;
    estimated: number;
    unknown: number;
    folderBytes: number | undefined;
    jobs: number;
    threads: readonly number[];
    /** Stages that runs share, by id. */
    stages: readonly string[];
  };
}

/** Looks at what a plan would do, what of it is done, and what the rest takes. */
export function dryRunOf(
  plans: readonly ExperimentPlan[],
  byId: ReadonlyMap<string, ExperimentEntry>,
  jobs: number,
): DryRun {
  const looked = new Map<PlannedRun, LookedAt>();
  const look = (run: PlannedRun): LookedAt => {
    const before = looked.get(run);
    if (before) return before;
    const now = lookAt(run, byId.get(run.request.experiment));
    looked.set(run, now);
    return now;
  };
  const experiments = plans.map(({ entry, what, runs, cannot }) => {
    const own = runs.map(look);
    const rows: Record<string, number> = {};
    for (const { state } of entry.rows) rows[state] = (rows[state] ?? 0) + 1;
    return {
      ...{ id: entry.id, title: entry.title, what, runs: own, cannot, rows, notes: notesOf(runs) },
      seconds: secondsUntilDone(toDo(own).map(secondsOrNone), jobs),
    };
  });
  const all = [...looked.values()];
  const left = toDo(all);
  const bytes = left.flatMap(({ cost }) => cost.folderBytes ?? []);
  const stages = worksOf(left.map(({ run }) => run)).flatMap(({ run, stage }) => {
    if (!stage) return [];
    const { id, folder } = placeOfStage(stage);
    if (isDone(folder)) return [];
    return [{ id, cost: runCost(run, byId.get(run.request.experiment), stage.work) }];
  });
  const steps = [...left, ...stages].reduce((sum, { cost }) => sum + cost.steps, 0);
  return {
    experiments,
    total: {
      toDo: left.length,
      done: all.length - left.length,
      cannot: experiments.reduce((sum, { cannot }) => sum + cannot.length, 0),
      steps,
      seconds: secondsUntilDone([...stages.map(({ cost }) => cost.seconds ?? 0), ...left.map(secondsOrNone)], jobs),
      estimated: left.filter(({ cost }) => cost.how === "estimated").length,
      unknown: left.filter(({ cost }) => cost.how === "not known").length,
      folderBytes: bytes.length > 0 ? (bytes.reduce((a, b) => a + b) / bytes.length) * left.length : undefined,
      jobs,
      threads: [...new Set(left.map(({ run }) => run.threads))],
      stages: stages.map(({ id }) => id),
    },
  };
}

function lookAt(run: PlannedRun, entry: ExperimentEntry | undefined): LookedAt {
  const { state, attempt } = folderStatus(run.folder);
  const cost = runCost(run, entry);
  const epochs = run.prepared.work?.epochs;
  const share = epochs ? Math.min(1, (attempt?.progress?.epoch ?? 0) / epochs) : 0;
  const secondsLeft = state === "done" ? 0 : cost.seconds === undefined ? undefined : cost.seconds * (1 - share);
  return { run, state: state === "missing" ? "to do" : state, cost, secondsLeft };
}

const toDo = (runs: readonly LookedAt[]) => runs.filter(({ state }) => state !== "done");
const secondsOrNone = ({ secondsLeft }: LookedAt) => secondsLeft ?? 0;

/** What holds for its numbers, before they are there. */
function notesOf(runs: readonly PlannedRun[]): string[] {
  const notes = new Set<string>();
  for (const { prepared } of runs) {
    if (prepared.data.madeUp) notes.add("made-up sounds: no number will say anything about patients");
    else if (!prepared.data.hasPrintedTestSet)
      notes.add("the test set of the printed numbers is not here: cells will be not comparable (other test set)");
    if (prepared.reduced) notes.add(prepared.reduced);
  }
  return [...notes];
}

/** In how many lines experiments are shown: each run up to here, each experiment beyond. */
const SHOWN_RUNS = 60;

/** The plan as text: runs, or where there are many, experiments. */
export function renderDryRun({ experiments, total }: DryRun): string {
  const runs = experiments.reduce((sum, one) => sum + one.runs.length, 0);
  const isDetailed = experiments.length <= 3 && runs <= SHOWN_RUNS;
  const parts = isDetailed ? experiments.map(detailed) : [overview(experiments)];
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
      `Left: ${steps.toLocaleString("en")} training steps, ${time}${about.length > 0 ? ` (${about.join(", ")})` : ""}, ${jobs === 1 ? "one run after the other" : `${jobs} runs at once`}, ${threads.join(" or ")} thread${threads.join() === "1" ? "" : "s"} each; features not counted.`,
    );
    if (folderBytes !== undefined)
      lines.push(`Disk: about ${Math.ceil(folderBytes / 1e6).toLocaleString("en")} MB for run folders.`);
    if (stages.length > 0) lines.push(`Made once for all runs that need it: ${stages.join(", ")}.`);
    if (estimated > 0) lines.push("Estimates are the experiments' own; `--measure` takes a few steps to know better.");
  }
  return [...parts, lines.join("\n")].join("\n\n");
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
    ...aligned([head, ...body], hasFolds ? [6] : [5]),
    ...notes.map((note) => `  note: ${note}`),
    ...lefts,
  ].join("\n");
}

function overview(experiments: DryRun["experiments"]): string {
  const body = experiments.map(({ id, what, runs, cannot, seconds, rows }) => {
    const done = runs.filter(({ state }) => state === "done").length;
    const isEstimated = runs.some(({ state, cost }) => state !== "done" && cost.how === "estimated");
    if (what !== "run") return [id, whatWords(what, rows), "", "", "", ""];
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
    ];
  });
  const reasons = new Set(experiments.flatMap(({ cannot }) => cannot.map(({ why }) => why.split("\n")[0]!)));
  return [
    ...aligned([["experiment", "what", "to do", "done", "cannot be", "time"], ...body], [2, 3, 4]),
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

/** Lines of cells under each other. @param numbers columns that end under each other */
function aligned(table: readonly (readonly string[])[], numbers: readonly number[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table.map((line) =>
    `  ${line.map((text, column) => (numbers.includes(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!))).join("  ")}`.trimEnd(),
  );
}
