import type { EpochBudget } from "./paper.js";
import type { OptionValue } from "./recipeOption.js";

/** What a profile or a budget may shorten. */
export interface ShortenedRecipe {
  epochs: number;
  /** Undefined: one pass over the training items. */
  stepsPerEpoch?: number;
  batchSize: number;
  /** At most so many items of each role (of each test set); undefined: all. */
  trainItems?: number;
  selectItems?: number;
  testItems?: number;
}

/** The recipe with some settings changed, then at most as many epochs as its budget allows. For recipes of which nothing else is timed by epochs. */
export function adjusted<R extends ShortenedRecipe>(
  recipe: R,
  { set, budget }: { set?: Readonly<Record<string, OptionValue>>; budget?: EpochBudget },
): R {
  const changed: R = { ...recipe, ...set };
  return budget ? { ...changed, epochs: Math.min(changed.epochs, budget.epochs) } : changed;
}

/** Settings that shorten a run and change nothing else of it. */
const SHORTENING = ["stepsPerEpoch", "selectItems"];

/** Settings but those that shorten a run, or a stage of it ("pretraining.stepsPerEpoch"): with them it has its own full budget. */
export function withoutShortening(set: Readonly<Record<string, OptionValue>> = {}): Record<string, OptionValue> {
  const shortens = (name: string) => SHORTENING.includes(name.slice(name.lastIndexOf(".") + 1));
  return Object.fromEntries(Object.entries(set).filter(([name]) => !shortens(name)));
}

/** How a reduced budget differs from the paper's, in words; undefined for the full one. */
export function reduction(
  recipe: ShortenedRecipe,
  full: ShortenedRecipe,
  fullStepsPerEpoch: number,
  budget?: EpochBudget,
): string | undefined {
  const steps = recipe.stepsPerEpoch ?? fullStepsPerEpoch;
  const isWholeEpochs = steps === fullStepsPerEpoch && recipe.batchSize === full.batchSize;
  const because = budget?.says === undefined ? "" : ` (${budget.says})`;
  const parts: string[] = [];
  if (!isWholeEpochs)
    parts.push(
      `${recipe.epochs} epochs of ${steps} steps of ${recipe.batchSize} instead of ${full.epochs} of ${fullStepsPerEpoch} of ${full.batchSize}${because}`,
    );
  else if (recipe.epochs !== full.epochs) parts.push(`${recipe.epochs} of ${full.epochs} epochs${because}`);
  if (recipe.trainItems !== undefined) parts.push(`at most ${recipe.trainItems} items to train on`);
  if (recipe.selectItems !== undefined) parts.push(`at most ${recipe.selectItems} to choose the epoch by`);
  if (recipe.testItems !== undefined) parts.push(`at most ${recipe.testItems} items of each test set`);
  return parts.length > 0 ? `reduced budget: ${parts.join("; ")}` : undefined;
}
