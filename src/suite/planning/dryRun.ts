import type { ExperimentEntry } from "../entry.js";
import type { Placement } from "../placement/placement.js";
import type { PlannedRun } from "../plan.js";
import { isDone } from "../running/doneMarker.js";
import { folderStatus } from "../running/folderState.js";
import { placeOfStage } from "../running/makeStages.js";
import type { ExperimentPlan } from "./planExperiments.js";
import { type Needs, Programme, paperOf, type TotalNeeds, totalOf } from "./programme.js";
import { NEEDS_HEAD, needsCells, type PaperNeeds, programmeText } from "./programmeText.js";
import { durationWords, type RunCost, runCost, secondsUntilDone } from "./runCost.js";
import {
  type AskedNodes,
  type PieceLeft,
  type SimulatedProgrammes,
  simulatedProgramme,
  simulatedText,
} from "./simulatedProgramme.js";
import { alignedLines } from "./textTable.js";
import { worksOf } from "./withBudget.js";

/** A run of a plan, as it stands. */
export interface LookedAt {
  run: PlannedRun;
  /** "done", "begun", "missing", ... */
  state: string;
  cost: RunCost;
  /** Of what is left of it. */
  secondsLeft: number | undefined;
  /** Of all of it, done or not. */
  needs: Needs;
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
    /** Of all its runs, done or not; those that it shares with others are in theirs too. */
    needs: TotalNeeds;
    notes: readonly string[];
  }[];
  /** By paper, its runs and the stages that they share each once. */
  papers: readonly PaperNeeds[];
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
    /** Folders, among those, of whose network nothing is known: other networks of the paper were measured. */
    foldersOfOthers: number;
    jobs: number;
    threads: readonly number[];
    /** Stages that runs share, by id. */
    stages: readonly string[];
    /** All of it, done or not, runs and stages each once. */
    whole: TotalNeeds;
    /** What is left, on the nodes that were asked for. */
    simulated?: SimulatedProgrammes;
  };
}

/**
 * Looks at what a plan would do, what of it is done, and what the rest takes.
 *
 * @param nodes on which the rest is simulated
 * Throws UserError where these make no sense.
 */
export function dryRunOf(
  plans: readonly ExperimentPlan[],
  byId: ReadonlyMap<string, ExperimentEntry>,
  jobs: number,
  nodes?: AskedNodes,
): DryRun {
  const programme = new Programme(finishedByPaper(plans));
  const looked = new Map<PlannedRun, LookedAt>();
  const look = (run: PlannedRun): LookedAt => {
    const before = looked.get(run);
    if (before) return before;
    const now = lookAt(run, byId.get(run.request.experiment), programme);
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
      needs: totalOf(own.map(({ needs }) => needs)),
    };
  });
  const all = [...looked.values()];
  const left = toDo(all);
  const allStages = worksOf(all.map(({ run }) => run)).flatMap(({ run, stage }) => {
    if (!stage) return [];
    const { id, folder } = placeOfStage(stage);
    const entry = byId.get(run.request.experiment);
    const needs = programme.needsOf(run, entry, stage);
    return [
      { id, run, needs, cost: runCost(run, entry, stage.work), epochs: stage.work?.epochs, isMade: isDone(folder) },
    ];
  });
  const needed = new Set(left.flatMap(({ run }) => (run.prepared.stages ?? []).map((stage) => placeOfStage(stage).id)));
  const stages = allStages.filter(({ id, isMade }) => !isMade && needed.has(id));
  const bytes = [...stages, ...left].flatMap(({ needs }) => needs.folderBytes ?? []);
  const foldersOfOthers = [...stages, ...left].filter(({ needs }) => needs.folderIs === "of its paper").length;
  const pieces = (): PieceLeft[] => {
    const places = new Map(stages.map(({ id }, i) => [id, i]));
    return [
      ...stages.map(({ needs, cost, epochs }) => ({ needs, epochs, secondsLeft: cost.seconds, after: [] })),
      ...left.map(({ run, needs, secondsLeft }) => ({
        ...{ needs, secondsLeft, epochs: run.prepared.work?.epochs },
        after: (run.prepared.stages ?? []).flatMap((stage) => places.get(placeOfStage(stage).id) ?? []),
      })),
    ];
  };
  const steps = [...left, ...stages].reduce((sum, { cost }) => sum + cost.steps, 0);
  return {
    experiments,
    papers: [...new Set(all.map(({ run }) => paperOf(run)))].map((paper) => {
      const isOf = ({ run }: { run: PlannedRun }) => paperOf(run) === paper;
      const [runs, made] = [all.filter(isOf), allStages.filter(isOf)];
      return {
        paper,
        runs: runs.length,
        stages: made.length,
        needs: totalOf([...made, ...runs].map(({ needs }) => needs)),
      };
    }),
    total: {
      toDo: left.length,
      done: all.length - left.length,
      cannot: experiments.reduce((sum, { cannot }) => sum + cannot.length, 0),
      steps,
      seconds: secondsUntilDone([...stages.map(({ cost }) => cost.seconds ?? 0), ...left.map(secondsOrNone)], jobs),
      estimated: left.filter(({ cost }) => cost.how === "estimated").length,
      unknown: left.filter(({ cost }) => cost.how === "not known").length,
      folderBytes: bytes.length > 0 ? bytes.reduce((a, b) => a + b) : undefined,
      foldersOfOthers,
      jobs,
      threads: [...new Set(left.map(({ run }) => run.threads))],
      stages: stages.map(({ id }) => id),
      whole: totalOf([...allStages, ...all].map(({ needs }) => needs)),
      ...(nodes && { simulated: simulatedProgramme(pieces(), nodes) }),
    },
  };
}

/** Folders of runs that are done, by paper: only of papers that the plan has. */
function finishedByPaper(plans: readonly ExperimentPlan[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const run of new Set(plans.flatMap(({ runs }) => runs))) {
    if (!isDone(run.folder)) continue;
    folders.set(paperOf(run), [...(folders.get(paperOf(run)) ?? []), run.folder]);
  }
  return folders;
}

function lookAt(run: PlannedRun, entry: ExperimentEntry | undefined, programme: Programme): LookedAt {
  const { state, attempt } = folderStatus(run.folder);
  const cost = runCost(run, entry);
  const epochs = run.prepared.work?.epochs;
  const share = epochs ? Math.min(1, (attempt?.progress?.epoch ?? 0) / epochs) : 0;
  const secondsLeft = state === "done" ? 0 : cost.seconds === undefined ? undefined : cost.seconds * (1 - share);
  const needs = programme.needsOf(run, entry);
  return { run, state: state === "missing" ? "to do" : state, cost, secondsLeft, needs };
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

/** A cluster without `--jobs` takes as many as it has room for, which nobody knows here. */
function atOnceWords(jobs: number, on: Placement["on"]): string {
  if (jobs > 1) return `${jobs} runs at once`;
  return on === "local"
    ? "one run after the other"
    : `one run after the other; ${on} takes as many at once as it has room for`;
}

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
