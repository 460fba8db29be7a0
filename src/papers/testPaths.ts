import type { Json } from "../features/canonicalJson.js";
import { UserError } from "../userError.js";
import { testPaths as baseline } from "./baseline/testPaths.js";
import { testPaths as cycleguardian } from "./cycleguardian/testPaths.js";
import { testPaths as glancegaze } from "./glancegaze/testPaths.js";
import { testPaths as multibreath } from "./multibreath/testPaths.js";
import { testPaths as respirenet } from "./respirenet/testPaths.js";
import { testPaths as supconSprs } from "./supconSprs/testPaths.js";
import type { TestPath } from "./testPath.js";
import type { TestPathMakers, TestTask } from "./testPathMakers.js";

/** Those of the papers that come with the project, in browsers too; `findTestPath` looks into any paper's folder. */
const MAKERS: TestPathMakers = {
  ...cycleguardian,
  ...multibreath,
  ...supconSprs,
  ...glancegaze,
  ...respirenet,
  ...baseline,
};

/** Names of the recipes that have a front end. */
export const TEST_PATH_RECIPES: readonly string[] = Object.keys(MAKERS);

/**
 * A recipe's way from a clip to the model's input.
 * @param parameters what `TestPath.parameters` says, as a saved model has it
 * @throws UserError for a name that is none
 */
export function testPathOf(recipe: string, task: TestTask = "11", parameters?: Json): TestPath {
  const make = Object.hasOwn(MAKERS, recipe) ? MAKERS[recipe] : undefined;
  if (!make) throw new UserError(`unknown recipe "${recipe}"; there are ${TEST_PATH_RECIPES.join(", ")}`);
  return make(task, parameters);
}
