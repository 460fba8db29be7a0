import type { RunIdentity } from "../training/runIdentity.js";
import type { ProgressReport } from "../training/workMeter.js";
import type { TrainingWork, UnitSeconds } from "./trainingWork.js";

/** What the work of a stage may use of the world around it. */
export interface StageContext {
  /** The stage's own folder, which exists; what is left in it is what runs get. */
  folder: string;
  /** For its checkpoints. */
  identity: RunIdentity;
  signal: AbortSignal;
  progress(report: ProgressReport): void;
  warn(message: string): void;
  /** For its checkpoints: see `RunContext`. */
  mayWrite(): void;
}

/** What several runs need and is made once, such as a pretraining that several rows start from. */
export interface SharedStage {
  /** Such as "pretraining"; differs from the others of its run. */
  name: string;
  /** Everything that decides what comes out, as plain JSON: two runs with equal names and identities share the stage. */
  identity: Record<string, unknown>;
  /** How much is computed; where it is not said, nothing can be told of its time. */
  work?: TrainingWork;
  /** Takes a few real steps on made-up batches, to tell what one costs here. */
  probe?(signal: AbortSignal): Promise<UnitSeconds>;
  /** Goes on from what an earlier attempt left in the folder. Throws as a run does. */
  execute(context: StageContext): Promise<void>;
}
