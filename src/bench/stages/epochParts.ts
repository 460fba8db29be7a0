import { median } from "../ratio.js";

/** Seconds of what an epoch consists of; both sides tell the same. */
export type EpochParts = Readonly<{
  /** Of one step with its batch, the mean of all but the first. */
  step: number;
  /** What the first step takes beyond another: batches begin anew. Of ours with the scores of the evaluation and the checkpoint. */
  start: number;
  /** Of the select role, or of some of it: see `EpochSize`. */
  evaluation: number;
  /** 0 where it is in `start`. */
  checkpoint: number;
}>;

/** How large an epoch is, and what was measured of it. */
export interface EpochSize {
  steps: number;
  /** Select items, and those of them that were evaluated. */
  selectItems: number;
  evaluated: number;
}

/** The parts of a whole epoch, but for its steps one. */
export function wholeEpoch(parts: EpochParts, { selectItems, evaluated }: EpochSize): EpochParts {
  return { ...parts, evaluation: (parts.evaluation * selectItems) / evaluated };
}

/** Seconds of a whole epoch, from the parts of a smaller one. */
export function epochSeconds(parts: EpochParts, size: EpochSize): number {
  const { step, start, evaluation, checkpoint } = wholeEpoch(parts, size);
  return size.steps * step + start + evaluation + checkpoint;
}

/**
 * Tells the parts of an epoch from what a run reports of its progress. An epoch is seen from its evaluation on: evaluation, checkpoint,
 * the steps of the next.
 */
export class EpochClock {
  private begun = 0;
  private evaluated = 0;
  private readonly steps: number[] = [];
  private readonly perEpoch: number;

  constructor(stepsPerEpoch: number) {
    this.perEpoch = stepsPerEpoch;
  }

  /** @param now in seconds */
  begin(now: number): void {
    this.begun = this.evaluated = now;
    this.steps.length = 0;
  }

  onItems(now: number): void {
    this.evaluated = now;
  }

  /** @returns the parts when the last step is done */
  onStep(now: number): EpochParts | undefined {
    this.steps.push(now);
    if (this.steps.length < this.perEpoch) return undefined;
    const [first] = this.steps as [number];
    const step = (now - first) / (this.perEpoch - 1);
    return {
      step,
      start: first - this.evaluated - step,
      evaluation: this.evaluated - this.begun,
      checkpoint: 0,
    };
  }
}

/** The median of each part. */
export function medianParts(rounds: readonly EpochParts[]): EpochParts {
  const of = (part: keyof EpochParts) => median(rounds.map((parts) => parts[part]));
  return { step: of("step"), start: of("start"), evaluation: of("evaluation"), checkpoint: of("checkpoint") };
}
