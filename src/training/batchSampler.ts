/** Which items each batch of an epoch holds: a function of a seed, the epoch (from 1) and the step (from 0) alone. */
export interface BatchSampler {
  readonly stepsPerEpoch: number;
  /** Throws RangeError for a step that the epoch lacks. */
  indices(epoch: number, step: number): number[];
}

/** @throws RangeError unless 0 <= step < stepsPerEpoch */
export function checkStep(step: number, stepsPerEpoch: number): void {
  if (!(Number.isInteger(step) && step >= 0 && step < stepsPerEpoch))
    throw new RangeError(`step ${step}: an epoch has the steps 0 to ${stepsPerEpoch - 1}`);
}
