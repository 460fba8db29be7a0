import type { EpochBudget } from "../../papers/paper.js";
import type { UnitSeconds } from "../../papers/trainingWork.js";
import { UserError } from "../../userError.js";
import type { PlannedRun, PlanOptions } from "../plan.js";
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
    const work = runs.map((run) => ({ work: run.prepared.work!, unit: unitOf(run) }));
    const asked = { signatures: runs.map(({ signature }) => signature), hours, jobs: options.jobs };
    const decided = decidedBudget(asked, () => equalEpochs(work, hours, options.jobs, entry.id));
    if (decided) budgets.set(entry.id, decided);
  }
  return budgets.size > 0 ? planExperiments(loaded, options, budgets) : plans;
}

/** Measures what units of work cost for runs of which that is not known, one run of each kind. Throws Interrupted when stopped. */
export async function measure(runs: readonly PlannedRun[], { signal, say }: ProbeOptions): Promise<void> {
  for (const run of runs) {
    if (measuredCost(run) || !run.prepared.probe || !run.prepared.work) continue;
    const { network, input, batchSize } = run.prepared.work;
    say(`measuring a step of ${network}, ${batchSize} items of ${input.join(" x ")}, ${run.threads} threads`);
    await probe(run, signal);
  }
}

function unitOf(run: PlannedRun): UnitSeconds {
  const unit = run.prepared.work && measuredCost(run);
  if (unit) return unit;
  const { experiment, row } = run.request;
  throw new UserError(
    `--budget: what a step of "${row}" of ${experiment} costs cannot be measured here; give epochs instead, such as --budget 12epochs`,
  );
}
