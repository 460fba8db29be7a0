import type { EpochBudget } from "../paper.js";
import { reduction } from "../shortenedRecipe.js";
import type { SupconRecipe } from "./recipe.js";

/** How a row's reduced budget differs from the paper's, of pretraining and classifier, in words; undefined for the full one. */
export function reductionOf(
  recipe: SupconRecipe,
  full: SupconRecipe,
  { train, budget }: { train: number; budget?: EpochBudget },
): string | undefined {
  const onePass = (batchSize: number) => Math.ceil(train / batchSize);
  const classifier = reduction(recipe, full, full.stepsPerEpoch ?? onePass(full.batchSize), budget);
  if (!recipe.pretraining || !full.pretraining) return classifier;
  const before = reduction(
    recipe.pretraining,
    full.pretraining,
    full.pretraining.stepsPerEpoch ?? onePass(full.pretraining.batchSize),
  );
  if (before === undefined) return classifier;
  const ofPretraining = before.replace(/^reduced budget: /, "");
  return `${classifier ?? "reduced budget"}; of the pretraining: ${ofPretraining}`;
}
