import { evaluatedIcbhi } from "./evaluatedIcbhi.js";
import { evaluatedItems } from "./evaluatedItems.js";
import { evenly } from "./evenly.js";
import type { IcbhiRunData } from "./icbhiRunData.js";
import type { PreparedRun, RunRequest } from "./paper.js";
import { runInputsOf } from "./runInputs.js";
import { reduction, type ShortenedRecipe } from "./shortenedRecipe.js";

export interface OnCycles<R extends ShortenedRecipe> {
  request: RunRequest;
  recipe: R;
  /** What the recipe is with its full budget. */
  full: R;
  icbhi: IcbhiRunData;
  /** The network's name, and the `[rows, frames, channels]` of its input. */
  network: string;
  inputShape: readonly [number, number, number];
  /** Training items that a recipe makes of training cycles; unless said as many as there are. */
  trainedItems?(training: IcbhiRunData["split"]["train"], recipe: R): number;
}

export type PreparedOnCycles = Required<
  Pick<PreparedRun, "data" | "split" | "inputs" | "work" | "settings" | "precision">
> &
  Pick<PreparedRun, "reduced">;

/** What a run on ICBHI's cycles has in common with others: steps of an epoch, data, roles, how much is computed, what is shortened. */
export function preparedOnCycles<R extends ShortenedRecipe>(
  run: OnCycles<R>,
): { stepsPerEpoch: number; prepared: PreparedOnCycles } {
  const { request, recipe, full, icbhi, network, inputShape, trainedItems = (training) => training.length } = run;
  const { split, data, runSplit } = icbhi;
  const training = evenly(split.train, recipe.trainItems);
  const fullStepsPerEpoch = Math.ceil(trainedItems(split.train, full) / full.batchSize);
  const stepsPerEpoch = recipe.stepsPerEpoch ?? Math.ceil(trainedItems(training, recipe) / recipe.batchSize);
  const prepared: PreparedOnCycles = {
    ...{ data, split: runSplit, precision: request.precision ?? "float32" },
    inputs: runInputsOf(split, {
      train: training,
      select: evenly(split.select, recipe.selectItems),
      ...(recipe.testItems !== undefined && { testItems: recipe.testItems }),
    }),
    work: {
      ...{ network, input: inputShape, batchSize: recipe.batchSize, epochs: recipe.epochs, stepsPerEpoch },
      ...evaluatedItems(evaluatedIcbhi({ split, recipe })),
    },
    settings: { ...recipe, stepsPerEpoch },
    reduced: reduction(recipe, full, fullStepsPerEpoch, request.budget),
  };
  return { stepsPerEpoch, prepared };
}
