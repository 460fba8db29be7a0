import type { Submission } from "./submission.js";

/** What places processes on several machines; the suite keeps owning what was done. */
export interface ClusterEngine {
  readonly name: "slurm" | "ray";
  /** What it would place runs on. Throws UserError where it cannot be used, saying what to do. */
  nodes(): Promise<ClusterNodes>;
  /** What `submit` would hand over, for people. */
  describe(submission: Submission): string;
  /** Hands over all tasks of a submission. Throws UserError where the engine refuses them; then none of them will begin. */
  submit(submission: Submission): Promise<void>;
  /**
   * The tasks of some submissions that it knows of, now. One that ended some time ago may be missing. Throws Unreachable where it does not
   * answer.
   */
  tasks(submissions: readonly string[]): Promise<PlacedTask[]>;
  /** Takes tasks back that wait; those that run were asked through their folders and are left to stop in order. */
  cancel(submission: Submission, indices: readonly number[]): Promise<void>;
}

export interface ClusterNodes {
  /** Of some of them, for messages. */
  examples: readonly string[];
  count: number;
  /** Whether any is another machine than this one. */
  remote: boolean;
  /** The most processors that one has; undefined where it is not known. */
  processors?: number;
}

/** A task of a submission, as the engine sees it. */
export interface PlacedTask {
  submission: string;
  index: number;
  /** "pending" also where it was begun and will be begun again. */
  state: "pending" | "running" | "ended";
  /** In the engine's words, with its own name of the task, such as "slurm 12_3: pending (Resources)". */
  says: string;
}

/** An engine that does not answer now, and may do so later. */
export class Unreachable extends Error {}
