import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import { isDone } from "../running/doneMarker.js";
import { folderStatus } from "../running/folderState.js";
import { placeOfStage } from "../running/makeStages.js";
import type { ExperimentPlan } from "./planExperiments.js";
import { type Needs, Programme, paperOf, type TotalNeeds, totalOf } from "./programme.js";
import type { PaperNeeds } from "./programmeText.js";
import { type RunCost, runCost, secondsUntilDone } from "./runCost.js";
import { type AskedNodes, type PieceLeft, type SimulatedProgrammes, simulatedProgramme } from "./simulatedProgramme.js";
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
