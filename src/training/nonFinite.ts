import type { Checkpoints, Position } from "./checkpoint.js";
import { nonFiniteGradients } from "./gradients.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import { type Batch, compiledStep, runStep, type StepSource } from "./runStep.js";
import { allFinite, collectTensors, firstNonFinite, restoreTensors, type TrainingState } from "./trainingState.js";
import type { TrainingStep } from "./trainingStep.js";

/** A value of training became infinite or no number. */
export class NonFiniteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NonFiniteError";
  }
}

export interface Noticed {
  /** Such as "the loss became NaN". */
  what: string;
  /** How far the run had come. */
  after: Position;
}

/**
 * Finds what was not finite first, by going through the steps from the last checkpoint again, which gives the same bits, and looking at
 * everything. A run itself looks at its losses and at what it saves only: a spoiled weight may come to light much later.
 *
 * @param between is awaited after each step: lets signals through
 */
export async function explainNonFinite(
  source: StepSource,
  checkpoints: Checkpoints<TrainingState>,
  { what, after }: Noticed,
  between: () => Promise<void>,
): Promise<NonFiniteError> {
  const seen = `${what} in ${describeStep(after.epoch, after.step - 1)}`;
  const last = checkpoints.latest(() => {});
  if (!last || last.at.epoch !== after.epoch) return new NonFiniteError(seen);
  restoreTensors(source, last.tensors, last.state.optimizerStep);
  const kept = `the last good checkpoint, of ${last.at.epoch} epochs and ${last.at.step} steps, stays`;
  const window = `steps ${last.at.step + 1} to ${after.step} of epoch ${after.epoch + 1}, gone through again`;
  const watching = { ...source, watchGradients: true };
  const compiled = compiledStep(watching, "the step gone through again");
  try {
    for (let index = last.at.step; index < after.step; index++) {
      const first = await firstOfStep(watching, compiled, after.epoch + 1, index);
      if (first) {
        const found = `first not finite: ${first} in ${describeStep(after.epoch, index)}`;
        return new NonFiniteError(`${seen}; ${found} (of ${window}); ${kept}`);
      }
      await between();
    }
  } finally {
    compiled.dispose();
  }
  return new NonFiniteError(`${seen}; it did not happen in ${window}; ${kept}`);
}

/** What of a step is not finite, in the order in which it is computed; undefined where all is. */
async function firstOfStep(
  source: StepSource,
  step: TrainingStep,
  epoch: number,
  index: number,
): Promise<string | undefined> {
  let odd: string | undefined;
  const look = ({ inputs, targets }: Batch) => {
    if (!allFinite(inputs.dataSync())) odd = "an input";
    else if (!allFinite(targets.dataSync())) odd = "a target";
  };
  const { loss, squares } = await runStep(source, step, epoch, index, look);
  if (odd) return odd;
  if (!Number.isFinite(loss)) return `the loss (${loss})`;
  const gradients = nonFiniteGradients(squares!, source.optimizer.parameters);
  if (gradients) return `the gradient of ${gradients}`;
  const spoiled = firstNonFinite(collectTensors(source, new Map()));
  return spoiled && describeTensor(spoiled, source.optimizer);
}

/** A name of `collectTensors` in words. */
export function describeTensor(name: string, optimizer: Optimizer): string {
  const [part, ...rest] = name.split("/");
  if (part === "optimizer") return `the optimiser's ${rest[1]} of ${optimizer.parameters[Number(rest[0])]!.name}`;
  return `${part === "average" ? "the average of weight" : "the weight"} ${rest.join("/")}`;
}

/** @param epochsDone and steps done before it in the epoch; people count both from 1 */
function describeStep(epochsDone: number, index: number): string {
  return `epoch ${epochsDone + 1}, step ${index + 1}`;
}
