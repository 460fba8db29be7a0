import type { Example } from "../datasets/roles.js";
import type { Assessment } from "../evaluation/assessment.js";
import type { TensorFlow } from "../tensorflow.js";
import { Checkpoints } from "../training/checkpoint.js";
import type { Optimizer } from "../training/optimizers/optimizer.js";
import { type TrainOptions, train } from "../training/train.js";
import type { TrainingState } from "../training/trainingState.js";
import { type Evaluated, Evaluator } from "./evaluator.js";
import type { TrialContext } from "./paper.js";
import { recordEpoch } from "./recordEpoch.js";
import { TestOpenings } from "./testOpenings.js";

export interface TrialTraining<A extends Assessment>
  extends Pick<TrainOptions, "batch" | "learningRate" | "stepsPerEpoch" | "precision" | "loss"> {
  /** What is trained, and disposed of by the caller, as is the optimiser. */
  model: TensorFlow.LayersModel;
  optimizer: Optimizer;
  evaluated: Pick<
    Evaluated<A>,
    "epochs" | "labels" | "inputShape" | "evaluationBatch" | "writeInput" | "assess" | "draw"
  >;
  select: readonly Example<"select">[];
}

/** A trial of a search: trained, and looked at on the select role after each epoch; test sets are not even handed over. */
export async function tryTraining<A extends Assessment>(trial: TrialTraining<A>, context: TrialContext): Promise<void> {
  const { model, optimizer, loss, batch, learningRate, stepsPerEpoch, precision, evaluated, select } = trial;
  const { epochs } = evaluated;
  const { runFolder, identity, recorder, signal, warn, mayWrite } = context;
  const evaluator = new Evaluator(
    { ...evaluated, select, chooseBy: "select", published: false, tests: {} },
    {
      ...{ model, signal, openings: new TestOpenings(`${runFolder}/testOpenings.jsonl`) },
      onItems: (_, detail) => context.progress({ phase: "training", fraction: 0, detail }),
    },
  );
  try {
    await train({
      ...{ model, optimizer, loss, batch, learningRate, epochs, stepsPerEpoch, precision, warn, signal },
      checkpoints: new Checkpoints<TrainingState>(`${runFolder}/checkpoints`, identity, mayWrite),
      evaluate: (epoch) => evaluator.afterEpoch(epoch),
      async onStart(_, before) {
        for (const record of before) await context.onEpoch(record);
      },
      onEpoch(record) {
        recordEpoch(recorder, record);
        return context.onEpoch(record);
      },
      onProgress({ epoch, step, loss: ofStep }) {
        const fraction = ((epoch - 1) * stepsPerEpoch + step) / (epochs * stepsPerEpoch);
        const detail = `epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, loss ${ofStep.toFixed(3)}`;
        context.progress({ phase: "training", fraction, detail });
      },
    });
  } finally {
    evaluator.dispose();
  }
}
