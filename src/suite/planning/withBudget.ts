import type { EpochBudget } from "../../papers/paper.js";
import type { SharedStage } from "../../papers/sharedStage.js";
import type { TrainingWork, UnitSeconds } from "../../papers/trainingWork.js";
import { UserError } from "../../userError.js";
import type { PlannedRun, PlanOptions } from "../plan.js";
import { placeOfStage } from "../running/makeStages.js";
import { type Budget, decidedBudget, equalEpochs } from "./budget.js";
import { measuredCost } from "./costStore.js";
import { type ExperimentPlan, type Loaded, planExperiments } from "./planExperiments.js";
import { probe } from "./probe.js";

export interface ProbeOptions {
  signal: AbortSignal;
  say(message: string): void;
}

/**
 * Plans with equal epochs for all runs of each experiment, so that they fit into some hours each on this machine; what a step costs is
 * measured first where it is not known. Throws UserError where not even one epoch fits, and where costs cannot be measured.
 */
export async function planWithBudget(
  loaded: Loaded,
  options: PlanOptions & { jobs: number },
  budget: Budget,
  probing: ProbeOptions,
): Promise<ExperimentPlan[]> {
  const plans = planExperiments(loaded, options);
  const budgets = new Map<string, EpochBudget>();
  for (const { entry, runs } of plans) {
    if (runs.length === 0) continue;
    if ("epochs" in budget) {
      budgets.set(entry.id, { epochs: budget.epochs });
      continue;
    }
    const { hours } = budget;
    await measure(runs, probing);
    const works = worksOf(runs).map(({ run, work }) => ({ work: work!, unit: unitOf(run, work) }));
    const { jobs } = options;
    const asked = { signatures: runs.map(({ signature }) => signature), hours, jobs };
    const decided = decidedBudget(asked, () =>
      equalEpochs(works, { hours, jobs, experiment: entry.id, runs: runs.length }),
    );
    if (decided) budgets.set(entry.id, decided);
  }
  return budgets.size > 0 ? planExperiments(loaded, options, budgets) : plans;
}

/** Measures what units of work cost where that is not known, of one run or stage of each kind. Throws Interrupted when stopped. */
export async function measure(runs: readonly PlannedRun[], { signal, say }: ProbeOptions): Promise<void> {
  for (const { run, work, stage } of worksOf(runs)) {
    const { probe: ofWork } = stage ?? run.prepared;
    if (!work || !ofWork || measuredCost(run, work)) continue;
    const { network, input, batchSize } = work;
    say(`measuring a step of ${network}, ${batchSize} items of ${input.join(" x ")}, ${run.threads} threads`);
    await probe(run, work, signal, stage?.name);
  }
}

/** What runs compute, and before it what their stages do, each stage once. */
export function worksOf(
  runs: readonly PlannedRun[],
): { run: PlannedRun; work: TrainingWork | undefined; stage?: SharedStage }[] {
  const seen = new Set<string>();
  return runs.flatMap((run) => {
    const stages = (run.prepared.stages ?? []).filter((stage) => {
      const { id } = placeOfStage(stage);
      return !seen.has(id) && seen.add(id);
    });
    return [...stages.map((stage) => ({ run, work: stage.work, stage })), { run, work: run.prepared.work }];
  });
}

function unitOf(run: PlannedRun, work: TrainingWork | undefined): UnitSeconds {
  const unit = work && measuredCost(run, work);
  if (unit) return unit;
  const { experiment, row } = run.request;
  throw new UserError(
    `--budget: what a step of "${row}" of ${experiment} costs cannot be measured here; give epochs instead, such as --budget 12epochs`,
  );
}
