import type { NamedTensor } from "../nn/weights/safetensors.js";
import { UserError } from "../userError.js";
import type { Checkpoints, Position } from "./checkpoint.js";
import { describeTensor, NonFiniteError } from "./nonFinite.js";
import type { Precision } from "./runIdentity.js";
import type { StepSource } from "./runStep.js";
import {
  collectTensors,
  firstNonFinite,
  fromJson,
  noSteps,
  restoreTensors,
  type TrainingState,
} from "./trainingState.js";

export interface SittingOptions extends StepSource {
  checkpoints: Checkpoints<TrainingState>;
  /**
   * A checkpoint is made at the start, after each epoch, and within an epoch when the last is older than this. By default a minute, or
   * forty times what a checkpoint takes where that is longer: a slow disk costs no more than a fortieth of the time. Short epochs of a
   * large model share one: see `saveAfterEpoch`.
   */
  checkpointEverySeconds?: number;
  warn(message: string): void;
}

/** One process's share of a run: where it stands, what is saved of it, and the time that it takes. */
export class Sitting {
  readonly state: TrainingState;
  bestWeights: Map<string, NamedTensor> = new Map();
  private readonly options: SittingOptions;
  private saved: Position | undefined;
  private savedAt = performance.now();
  private savingMs = 0;
  private countedTo = performance.now();

  /**
   * Takes up the newest checkpoint; where there is none, makes the first, so that a disk that takes none is found out at once. Throws
   * UserError for one under another schedule or in another precision, and as `Checkpoints` and `restoreTensors` do.
   */
  constructor(options: SittingOptions) {
    this.options = options;
    const found = options.checkpoints.latest(options.warn);
    if (!found) {
      this.state = { epoch: 0, begun: noSteps(), optimizerStep: 0, history: [], changes: [] };
      this.save();
      return;
    }
    const { epoch, step } = found.at;
    requireSame("learning rate", found.state.schedule, options.learningRate.description);
    requireSame("precision", found.state.precision, precisionOf(options));
    const changes = found.changes.map((change) => `after ${epoch} epochs and ${step} steps: ${change}`);
    this.state = { ...fromJson(found.state), changes: [...found.state.changes, ...changes] };
    this.bestWeights = restoreTensors(options, found.tensors, this.state.optimizerStep);
    this.saved = found.at;
  }

  get position(): Position {
    return { epoch: this.state.epoch, step: this.state.begun.steps };
  }

  /** Books the time since the last call to the epoch begun. */
  countTime(): void {
    const now = performance.now();
    this.state.begun.seconds += (now - this.countedTo) / 1000;
    this.countedTo = now;
  }

  /** Saves when the last checkpoint is older than it should be. */
  saveIfDue(): void {
    const { checkpointEverySeconds: given } = this.options;
    const wanted = given === undefined ? Math.max(60_000, 40 * this.savingMs) : 1000 * given;
    if (performance.now() - this.savedAt >= wanted) this.save();
  }

  /**
   * Saves, unless the last checkpoint took over two seconds and less than ten times as long has passed since: gigabytes would take as
   * long as the epochs. The last epoch is always saved.
   */
  saveAfterEpoch(isLast: boolean): void {
    const recent = performance.now() - this.savedAt < 10 * this.savingMs;
    if (isLast || !recent || this.savingMs < 2000) this.save();
  }

  /** Throws NonFiniteError for what is not finite, which is never saved, and CheckpointError. */
  save(): void {
    const { options, state, position } = this;
    if (this.saved?.epoch === position.epoch && this.saved.step === position.step) return;
    const began = performance.now();
    this.countTime();
    const tensors = collectTensors(options, this.bestWeights);
    const odd = firstNonFinite(tensors);
    if (odd) throw new NonFiniteError(`${describeTensor(odd, options.optimizer)} is found infinite or not a number`);
    state.optimizerStep = options.optimizer.step;
    state.schedule = options.learningRate.description;
    state.precision = precisionOf(options);
    options.checkpoints.save(position, tensors, state);
    this.saved = position;
    this.savedAt = performance.now();
    this.savingMs = this.savedAt - began;
  }
}

function precisionOf({ precision = "float32" }: SittingOptions): Precision {
  return precision;
}

/** What one of the two does not say is not held against it. */
function requireSame(name: string, was: string | undefined, is: string | undefined): void {
  if (was && is && was !== is) throw new UserError(`the checkpoint is of another run: ${name} was ${was}, is ${is}`);
}
