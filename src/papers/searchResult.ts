import type { SearchedValues, SearchSpace } from "./searchSpace.js";

/**
 * By which the next point of a search is chosen: Parzen estimators, a Gaussian process (needs PyTorch), chance, or one after the other, for
 * which all settings must be choices.
 */
export const SAMPLERS = ["tpe", "gp", "random", "grid"] as const;
export type Sampler = (typeof SAMPLERS)[number];

/** How points are chosen and stopped early, plain JSON. */
export interface SearchSettings {
  space: SearchSpace;
  /** Points that are tried. */
  trials: number;
  /** Reports of a trial at most; it ends with the last. */
  maxSteps: number;
  sampler: Sampler;
  /** Trials by chance, before the sampler has anything to learn from. */
  startupTrials: number;
  seed: number;
  /** Successive halving: after `grace` steps and each `reduction`-fold of them, all but the best 1/`reduction` stop. */
  halving: { grace: number; reduction: number };
}

/** A point that was tried. */
export interface SearchedTrial {
  /** From 0. */
  number: number;
  values: SearchedValues;
  /** "pruned": stopped early; "failed": it has no value, such as after a loss that became infinite. */
  state: "running" | "complete" | "pruned" | "failed";
  /** What it reported, after each step. */
  reports: readonly (readonly [step: number, value: number])[];
  /** Of a complete one; of a pruned one its last report. */
  value?: number;
}

/** What a search found: larger values are better. */
export interface SearchOutcome {
  trials: readonly SearchedTrial[];
  /** The number of the best complete trial; absent where none is. */
  best?: number;
  /** The share of the variance of the complete trials' values that each setting explains (fANOVA), or why that cannot be told. */
  importance: Readonly<Record<string, number>> | { why: string };
}
