import type { TensorFlow } from "../tensorflow.js";
import type { CycleRecipe } from "./cycleRecipe.js";
import type { RecipeOptions } from "./recipeOption.js";
import type { TestPath } from "./testPath.js";

/** A system that is an input, a network and settings; all else is as the house does it. */
export interface CycleSystem<R extends CycleRecipe> {
  /** As its folder in `experiments/` is called. */
  id: string;
  citation: string;
  /** Raised whenever a change alters the result of a run that asks for the same. */
  version: number;
  /** With the full budget. */
  recipe: R;
  /** How the rows differ from it: by experiment, without the paper's name, and row. */
  rows: Readonly<Record<string, Readonly<Record<string, Partial<R>>>>>;
  /** What `--set` may change of a row; see `cycleOptions`. */
  options(recipe: R): RecipeOptions;
  input(recipe: R): CycleInput;
  /** A new network: logits `[batch, outputs]` of inputs `[batch, rows, frames, channels]`. */
  network(
    recipe: R,
    shape: { inputShape: readonly [rows: number, frames: number, channels: number]; outputs: number },
  ): TensorFlow.LayersModel;
}

/** What a cycle becomes on its way to the network. */
export interface CycleInput {
  /** One of those in the paper's `testPaths.ts`, so that a saved model's inputs can be made again. */
  path: TestPath;
  /** `[rows, frames, channels]` */
  shape: readonly [rows: number, frames: number, channels: number];
  /** The same from a stored map: of recipes whose input that is. */
  fromStoredMap?(bytes: Uint8Array, out: Float32Array, offset: number): void;
}
