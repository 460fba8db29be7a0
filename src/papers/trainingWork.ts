/** How much a run or a stage computes, in units whose seconds are measured: training steps and evaluated items. */
export interface TrainingWork {
  /** By name, such as "resnet18": steps of other networks, and of other stages of one network, cost something else. */
  network: string;
  /** `[rows, frames, channels]` */
  input: readonly number[];
  batchSize: number;
  epochs: number;
  stepsPerEpoch: number;
  /** Items looked at after each epoch. */
  itemsPerEpoch: number;
  /** Items looked at when all epochs are done. */
  itemsAtEnd: number;
  /** Epochs that one epoch of a budget gives it; default 1, for work that is a run's only stage. */
  perBudgetEpoch?: number;
}

/** Seconds of one training step and of one evaluated item. */
export interface UnitSeconds {
  step: number;
  item: number;
}

/** All steps and all evaluated items. */
export function unitsOf(work: TrainingWork): { steps: number; items: number } {
  const { epochs, stepsPerEpoch, itemsPerEpoch, itemsAtEnd } = work;
  return { steps: epochs * stepsPerEpoch, items: epochs * itemsPerEpoch + itemsAtEnd };
}

/** Seconds of all of it. */
export function secondsOf(work: TrainingWork, seconds: UnitSeconds): number {
  const { steps, items } = unitsOf(work);
  return steps * seconds.step + items * seconds.item;
}

/** Epochs of work under a budget of so many: never more than its own, never none. */
export function epochsWithin(budgetEpochs: number, work: Pick<TrainingWork, "epochs" | "perBudgetEpoch">): number {
  return Math.min(work.epochs, Math.max(1, Math.round(budgetEpochs * (work.perBudgetEpoch ?? 1))));
}
