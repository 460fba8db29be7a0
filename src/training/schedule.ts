import { UserError } from "../userError.js";

/**
 * A learning rate as a function of time alone, in epochs or in steps, from 0: nothing is remembered, so a run can be taken up anywhere.
 * Values are those of `torch.optim.lr_scheduler`, in its closed forms.
 */
export type Schedule = ((time: number) => number) & Described;

interface Described {
  /** In words, for a run's record; a run is not gone on with under another one. */
  description?: string;
}

/** The same rate always. Throws UserError unless it is a positive number, as the others do. */
export function constant(rate: number): Schedule {
  requirePositive("learning rate", rate);
  return described(() => rate, String(rate));
}

/** `rate`, times `factor` from each milestone on (MultiStepLR). Milestones grow. */
export function multiStep(rate: number, options: { milestones: readonly number[]; factor: number }): Schedule {
  const { milestones, factor } = options;
  requirePositive("learning rate", rate);
  requirePositive("factor of the schedule", factor);
  milestones.forEach((milestone, i) => {
    if (!(milestone > (milestones[i - 1] ?? 0)))
      throw new UserError(`milestones ${milestones.join(", ")}: must be positive and grow`);
  });
  // Multiplied one by one, in PyTorch's order, so that the last bit is the same.
  const rateAt = (time: number) =>
    milestones.reduce((value, milestone) => (time >= milestone ? value * factor : value), rate);
  return described(rateAt, `${rate}, times ${factor} from each of [${milestones.join(", ")}] on`);
}

/**
 * From `rate` down to `floor` along half a cosine in `period` (CosineAnnealingLR). Beyond it the rate rises again, as PyTorch's does:
 * the whole cosine takes two periods.
 */
export function cosine(rate: number, { period, floor = 0 }: { period: number; floor?: number }): Schedule {
  requirePositive("learning rate", rate);
  requirePositive("period of the cosine", period);
  if (!(floor >= 0 && floor <= rate))
    throw new UserError(`floor of the cosine ${floor}: must lie between 0 and the learning rate, ${rate}`);
  return described(
    (time) => floor + ((rate - floor) * (1 + Math.cos((Math.PI * time) / period))) / 2,
    `${rate} to ${floor} along half a cosine in ${period}`,
  );
}

/**
 * A straight line from `startFactor` times the first rate of `then` up to that rate in `duration`, after which `then` runs from its own
 * beginning (LinearLR, then `then`, in a SequentialLR).
 */
export function afterWarmUp(then: Schedule, options: { duration: number; startFactor: number }): Schedule {
  const { duration, startFactor } = options;
  requirePositive("duration of the warm-up", duration);
  if (!(startFactor > 0 && startFactor <= 1))
    throw new UserError(`start factor of the warm-up ${startFactor}: must be above 0 and at most 1`);
  return described(
    (time) =>
      time < duration ? then(0) * (startFactor + ((1 - startFactor) * time) / duration) : then(time - duration),
    then.description && `a line from ${startFactor} of the rate in ${duration}, then ${then.description}`,
  );
}

/** The rate of a step. Epochs count from 1, steps of an epoch from 0. */
export type LearningRate = ((epoch: number, step: number) => number) & Described;

/** A schedule whose time are epochs: the rate is the same throughout an epoch. */
export function byEpoch(schedule: Schedule): LearningRate {
  return described(
    (epoch: number) => schedule(epoch - 1),
    schedule.description && `${schedule.description}; time in epochs`,
  );
}

/** A schedule whose time are steps, counted over the whole run. */
export function byStep(schedule: Schedule, stepsPerEpoch: number): LearningRate {
  return described(
    (epoch: number, step: number) => schedule((epoch - 1) * stepsPerEpoch + step),
    schedule.description && `${schedule.description}; time in steps, ${stepsPerEpoch} an epoch`,
  );
}

/** Throws UserError at the first step of a run whose learning rate is not a positive number: at 0 nothing would be learnt. */
export function requireUsable(learningRate: LearningRate, epochs: number, stepsPerEpoch: number): void {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let step = 0; step < stepsPerEpoch; step++) {
      const rate = learningRate(epoch, step);
      if (!(rate > 0 && Number.isFinite(rate)))
        throw new UserError(`learning rate ${rate} in epoch ${epoch}, step ${step + 1}: must be a positive number`);
    }
  }
}

function described<F extends (...time: number[]) => number>(rate: F, description: string | undefined): F & Described {
  return Object.assign(rate, description === undefined ? {} : { description });
}

function requirePositive(what: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new UserError(`${what} ${value}: must be a positive number`);
}
